import { consoleApi, dataOf, done, identity, notification } from "../../api/client";
import type { paths } from "../../api/generated/notification";
import type { Queue, QueueDraft } from "../../api/queues";

const QUEUES = "/api/notification/queues";
const QUEUE = "/api/notification/queues/{queue_id}";

const at = (id: string) => ({ path: { queue_id: id } });

export async function getQueue(id: string, signal: AbortSignal): Promise<Queue> {
  return dataOf(await notification.GET(QUEUE, { params: at(id), signal }));
}

export async function addQueue(body: QueueDraft): Promise<Queue> {
  return dataOf(await notification.POST(QUEUES, { body }));
}

/** Changes a queue as it was at `rev`; a later one answers 409 and shows it. */
export async function changeQueue(id: string, rev: number, draft: QueueDraft): Promise<Queue> {
  return dataOf(await notification.PATCH(QUEUE, { params: at(id), body: { ...draft, rev } }));
}

export async function deleteQueue(id: string): Promise<void> {
  done(await notification.DELETE(QUEUE, { params: at(id) }));
}

/** Switches by hand, before all hours. `until` in ISO 8601; null: until it is set back. */
export async function setOverride(id: string, opened: boolean, until: string | null): Promise<void> {
  done(await notification.PUT("/api/notification/queues/{queue_id}/override", { params: at(id), body: { opened, until } }));
}

export async function endOverride(id: string): Promise<void> {
  done(await notification.DELETE("/api/notification/queues/{queue_id}/override", { params: at(id) }));
}

const MEMBERS = "/api/notification/queues/{queue_id}/members";
export type Member = paths[typeof MEMBERS]["get"]["responses"][200]["content"]["application/json"]["items"][number];

export async function getMembers(id: string, signal: AbortSignal): Promise<Member[]> {
  return dataOf(await notification.GET(MEMBERS, { params: at(id), signal })).items;
}

/** Everybody who may be in a queue: active agents and admins. */
export async function getPeople(signal: AbortSignal): Promise<{ id: string; name: string }[]> {
  const { items } = dataOf(await consoleApi.GET("/api/console/users", { params: { query: { limit: 200, sort: "name" } }, signal }));
  return items.filter(({ active, role }) => active && role !== "marketer");
}

export async function getConnections(signal: AbortSignal) {
  return dataOf(await identity.GET("/api/identity/connections", { signal })).items;
}
