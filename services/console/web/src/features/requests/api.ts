import { dataOf, notification } from "../../api/client";
import type { paths } from "../../api/generated/notification";
import type { ContactRequest } from "../../api/requests";

const ONE = "/api/notification/requests/{request_id}";
const VIEW = "/api/notification/requests/{request_id}/view";
const HISTORY = "/api/notification/requests/{request_id}/history";
const STATUSES = "/api/notification/request-statuses";
const MEMBERS = "/api/notification/queues/{queue_id}/members";

export type Viewed = paths[typeof VIEW]["post"]["responses"][200]["content"]["application/json"];
export type Answer = Viewed["answers"][number];
export type History = paths[typeof HISTORY]["get"]["responses"][200]["content"]["application/json"];
export type Happening = History["items"][number];
export type Statuses = paths[typeof STATUSES]["get"]["responses"][200]["content"]["application/json"];
export type Status = Statuses["items"][number];
export type OwnStatuses = paths[typeof STATUSES]["put"]["requestBody"]["content"]["application/json"];
export type Member = paths[typeof MEMBERS]["get"]["responses"][200]["content"]["application/json"]["items"][number];

const at = (id: string) => ({ path: { request_id: id } });

export async function getRequest(id: string, signal?: AbortSignal): Promise<ContactRequest> {
  return dataOf(await notification.GET(ONE, { params: at(id), signal: signal ?? null }));
}

/** Opens what it says, with its questions in `language`; that it was opened is kept. */
export async function viewRequest(id: string, language: string): Promise<Viewed> {
  return dataOf(await notification.POST(VIEW, { params: { ...at(id), query: { language } } }));
}

export async function getHistory(id: string, signal: AbortSignal): Promise<History> {
  return dataOf(await notification.GET(HISTORY, { params: { ...at(id), query: { limit: 200 } }, signal }));
}

export async function commentOn(id: string, text: string): Promise<ContactRequest> {
  return dataOf(await notification.POST("/api/notification/requests/{request_id}/comments", { params: at(id), body: { text } }));
}

export async function setStatus(id: string, status: string, rev: number): Promise<ContactRequest> {
  return dataOf(await notification.PUT("/api/notification/requests/{request_id}/status", { params: at(id), body: { status, rev } }));
}

export async function take(id: string): Promise<ContactRequest> {
  return dataOf(await notification.POST("/api/notification/requests/{request_id}/take", { params: at(id), body: {} }));
}

/** Hands it to a colleague; null puts it back for all. */
export async function give(id: string, userId: string | null, rev: number): Promise<ContactRequest> {
  return dataOf(await notification.POST("/api/notification/requests/{request_id}/give", { params: at(id), body: { user_id: userId, rev } }));
}

export async function getStatuses(signal: AbortSignal): Promise<Statuses> {
  return dataOf(await notification.GET(STATUSES, { signal }));
}

export async function setStatuses(body: OwnStatuses): Promise<Statuses> {
  return dataOf(await notification.PUT(STATUSES, { body }));
}

export async function getMembers(queueId: string, signal: AbortSignal): Promise<Member[]> {
  return dataOf(await notification.GET(MEMBERS, { params: { path: { queue_id: queueId } }, signal })).items;
}
