import { useQuery } from "@tanstack/react-query";
import { dataOf, notification } from "./client";
import type { paths } from "./generated/notification";

const path = "/api/notification/queues";

export type Queue = paths[typeof path]["get"]["responses"][200]["content"]["application/json"]["items"][number];
/** All that a person sets of a queue. */
export type QueueDraft = paths[typeof path]["post"]["requestBody"]["content"]["application/json"];
/** One text by language tag; the first is for everybody else. */
export type Texts = QueueDraft["offline"];
/** Times of day, `09:00`; `24:00` is the end of the day. */
export type Span = QueueDraft["hours"][number][number];
export type ExceptionalDay = QueueDraft["exceptions"][number];
export type OtherWay = QueueDraft["other_ways"][number];
export type WhenClosed = QueueDraft["when_closed"];
export type ContactForm = QueueDraft["form"];
export type FormField = ContactForm["fields"][number];
export type FieldKind = FormField["kind"];

/** What is shown of queues, all of it: read again after a change. */
export const QUEUES_KEY = ["queues"] as const;

export async function getQueues(signal?: AbortSignal): Promise<Queue[]> {
  return dataOf(await notification.GET(path, { signal: signal ?? null })).items;
}

/** The queues of the workspace, few as they are: for names beside ids, for choices, and to know whose they are. */
export function useQueues(enabled = true) {
  return useQuery({ queryKey: [...QUEUES_KEY, "all"], queryFn: ({ signal }) => getQueues(signal), staleTime: 30_000, enabled });
}
