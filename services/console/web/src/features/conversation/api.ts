import { dataOf, done, identity, ingest } from "../../api/client";
import type { paths as IdentityPaths } from "../../api/generated/identity";
import type { paths } from "../../api/generated/ingest";

const ONE = "/api/ingest/conversations/{chat_contact_id}";
const MESSAGES = `${ONE}/messages` as const;
const HOLD = `${ONE}/hold` as const;
export type Standing = paths[typeof ONE]["get"]["responses"][200]["content"]["application/json"];
export type MessagesPage = paths[typeof MESSAGES]["get"]["responses"][200]["content"]["application/json"];
export type Message = MessagesPage["items"][number];
export type Tag = IdentityPaths["/api/identity/tags"]["get"]["responses"][200]["content"]["application/json"]["items"][number];

const of = (id: string) => ({ path: { chat_contact_id: id } });

export async function getStanding(id: string, signal?: AbortSignal): Promise<Standing> {
  return dataOf(await ingest.GET(ONE, { params: of(id), signal: signal ?? null }));
}

/** Newest first. */
export async function getMessages(id: string, cursor: string, signal?: AbortSignal): Promise<MessagesPage> {
  return dataOf(await ingest.GET(MESSAGES, { params: { ...of(id), query: { limit: 50, ...(cursor && { cursor }) } }, signal: signal ?? null }));
}

/** The same `key` twice is said once. */
export async function say(id: string, key: string, text: string) {
  return dataOf(await ingest.POST(MESSAGES, { params: of(id), body: { id: key, text } }));
}

export async function takeOver(id: string): Promise<void> {
  done(await ingest.PUT(HOLD, { params: of(id) }));
}

export async function giveBack(id: string): Promise<void> {
  done(await ingest.DELETE(HOLD, { params: of(id) }));
}

export async function getContact(id: string, signal?: AbortSignal) {
  return dataOf(await identity.GET("/api/identity/chat-contacts/{id}", { params: { path: { id } }, signal: signal ?? null }));
}

export async function getClient(id: string, signal?: AbortSignal) {
  return dataOf(await identity.GET("/api/identity/clients/{id}", { params: { path: { id } }, signal: signal ?? null }));
}

export async function findTags(search: string, signal?: AbortSignal): Promise<Tag[]> {
  return dataOf(await identity.GET("/api/identity/tags", { params: { query: { search, limit: 20 } }, signal: signal ?? null })).items;
}

/** The tag of that name, a new one where there is none. */
export async function makeTag(name: string): Promise<Tag> {
  return dataOf(await identity.POST("/api/identity/tags", { body: { name, description: "", color: "gray" } }));
}

export async function setTags(clientId: string, tags: string[]) {
  return dataOf(await identity.PUT("/api/identity/clients/{id}/tags", { params: { path: { id: clientId } }, body: { tags } }));
}
