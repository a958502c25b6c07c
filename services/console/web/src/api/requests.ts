import { dataOf, notification } from "./client";
import type { paths } from "./generated/notification";

const path = "/api/notification/requests";
type List = paths[typeof path]["get"];

export type RequestsQuery = NonNullable<List["parameters"]["query"]>;
export type RequestsPage = List["responses"][200]["content"]["application/json"];
/** A message that was left, as an entry of the log: without what it says. */
export type ContactRequest = RequestsPage["items"][number];
export type Unseen = paths["/api/notification/requests/unseen"]["get"]["responses"][200]["content"]["application/json"];

/** What is shown of messages that were left: read again after a change. */
export const REQUESTS_KEY = ["requests"] as const;

export async function getRequests(query: RequestsQuery, signal?: AbortSignal): Promise<RequestsPage> {
  return dataOf(await notification.GET(path, { params: { query }, signal: signal ?? null }));
}

export async function getUnseen(signal?: AbortSignal): Promise<Unseen> {
  return dataOf(await notification.GET("/api/notification/requests/unseen", { signal: signal ?? null }));
}

/** Says that the user has looked: the escalation of these ends. */
export async function markSeen(ids: string[]): Promise<void> {
  dataOf(await notification.POST("/api/notification/requests/seen", { body: { ids } }));
}
