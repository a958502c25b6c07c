import { dataOf, identity } from "../../../api/client";
import type { paths } from "../../../api/generated/identity";
import type { ClientCard } from "../getClient";

const ONE = "/api/identity/clients/{id}";
export type ClientEdit = paths[typeof ONE]["patch"]["requestBody"]["content"]["application/json"];
export type FieldDefinition = paths["/api/identity/fields"]["get"]["responses"][200]["content"]["application/json"]["items"][number];
export type Category = paths["/api/identity/categories"]["get"]["responses"][200]["content"]["application/json"]["items"][number];
/** A tag, a contact group or a segment. */
export interface Label {
  id: string;
  name: string;
}

/** Changes what `body` names. 409 where somebody changed the client since `body.rev`, or has what it says. */
export async function changeClient(id: string, body: ClientEdit): Promise<ClientCard> {
  return dataOf(await identity.PATCH(ONE, { params: { path: { id } }, body }));
}

export async function getFields(signal?: AbortSignal): Promise<FieldDefinition[]> {
  return dataOf(await identity.GET("/api/identity/fields", { signal: signal ?? null })).items;
}

export async function getCategories(signal?: AbortSignal): Promise<Category[]> {
  return dataOf(await identity.GET("/api/identity/categories", { signal: signal ?? null })).items;
}

export async function findTags(search: string, signal?: AbortSignal): Promise<Label[]> {
  return dataOf(await identity.GET("/api/identity/tags", { params: { query: { search, limit: 20 } }, signal: signal ?? null })).items;
}

/** The tag of that name, a new one where there is none. */
export async function makeTag(name: string): Promise<Label> {
  return dataOf(await identity.POST("/api/identity/tags", { body: { name, color: "gray", description: "" } }));
}

export async function findGroups(search: string, signal?: AbortSignal): Promise<Label[]> {
  return dataOf(await identity.GET("/api/identity/groups", { params: { query: { search, limit: 100 } }, signal: signal ?? null })).items;
}

/** Segments that are kept by hand: those by a rule have whoever meets it. */
export async function findSegments(search: string, signal?: AbortSignal): Promise<Label[]> {
  const { items } = dataOf(await identity.GET("/api/identity/segments", { params: { query: { search, limit: 100 } }, signal: signal ?? null }));
  return items.filter(({ rule }) => rule === null);
}

/** Where the client chooses what to be sent. Whoever has the address may choose. */
export async function getPreferencePage(id: string): Promise<string> {
  return dataOf(await identity.GET("/api/identity/clients/{id}/preference-page", { params: { path: { id } } })).address;
}
