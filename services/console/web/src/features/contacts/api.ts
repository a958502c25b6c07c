import { dataOf, identity } from "../../api/client";
import type { paths } from "../../api/generated/identity";

type List = paths["/api/identity/chat-contacts"];
type Query = NonNullable<List["get"]["parameters"]["query"]>;
export type NewContact = List["post"]["requestBody"]["content"]["application/json"];
export type ContactEdit = paths["/api/identity/chat-contacts/{id}"]["patch"]["requestBody"]["content"]["application/json"];
export type ContactsPage = List["get"]["responses"][200]["content"]["application/json"];
export type Contact = ContactsPage["items"][number];
export type Connection = paths["/api/identity/connections"]["get"]["responses"][200]["content"]["application/json"]["items"][number];

/** Every chat contact. `search` begins the contact id, or words of the name. */
export async function getContacts(query: Omit<Query, "profile">, signal?: AbortSignal): Promise<ContactsPage> {
  return dataOf(await identity.GET("/api/identity/chat-contacts", { params: { query: { ...query, profile: "any" } }, signal: signal ?? null }));
}

export async function getContact(id: string, signal?: AbortSignal): Promise<Contact> {
  return dataOf(await identity.GET("/api/identity/chat-contacts/{id}", { params: { path: { id } }, signal: signal ?? null }));
}

export async function addContact(body: NewContact): Promise<Contact> {
  return dataOf(await identity.POST("/api/identity/chat-contacts", { body }));
}

/** Changes what `body` names; a name or language that is null is again what the channel says. */
export async function changeContact(id: string, body: ContactEdit): Promise<Contact> {
  return dataOf(await identity.PATCH("/api/identity/chat-contacts/{id}", { params: { path: { id } }, body }));
}

export async function getConnections(signal?: AbortSignal): Promise<Connection[]> {
  return dataOf(await identity.GET("/api/identity/connections", { signal: signal ?? null })).items;
}
