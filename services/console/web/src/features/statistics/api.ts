import { dataOf, notification } from "../../api/client";
import type { paths } from "../../api/generated/notification";
import { problemOf } from "../../api/problem";
import { authorizedFetch } from "../../api/session";

const NUMBERS = "/api/notification/queues/{queue_id}/statistics";
const ANSWERS = "/api/notification/queues/{queue_id}/answers";
const TOTALS = "/api/notification/queues/{queue_id}/answers/totals";

export type Statistics = paths[typeof NUMBERS]["get"]["responses"][200]["content"]["application/json"];
export type Wait = Statistics["time_to_view"];
export type AnswersPage = paths[typeof ANSWERS]["get"]["responses"][200]["content"]["application/json"];
export type AnswerRow = AnswersPage["items"][number];
export type Totals = paths[typeof TOTALS]["get"]["responses"][200]["content"]["application/json"];

/** A time, ISO 8601: from the first moment, and without the last. */
export interface Stretch {
  from: string;
  to: string;
}

const at = (id: string) => ({ queue_id: id });
const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

export async function getStatistics(id: string, stretch: Stretch, signal: AbortSignal): Promise<Statistics> {
  return dataOf(await notification.GET(NUMBERS, { params: { path: at(id), query: { ...stretch, tz: zone() } }, signal })) as Statistics;
}

/** What people wrote: that it was read is kept in each message's history. */
export async function getAnswers(id: string, stretch: Stretch, language: string, cursor: string, signal: AbortSignal): Promise<AnswersPage> {
  return dataOf(await notification.GET(ANSWERS, { params: { path: at(id), query: { ...stretch, language, limit: 50, ...(cursor && { cursor }) } }, signal })) as AnswersPage;
}

export async function getTotals(id: string, stretch: Stretch, language: string, signal: AbortSignal): Promise<Totals> {
  return dataOf(await notification.GET(TOTALS, { params: { path: at(id), query: { ...stretch, language } }, signal })) as Totals;
}

export type Csv = "statistics" | "answers" | "answers/totals";

/** Has the browser keep a table as a file. Throws a Problem. */
export async function downloadCsv(id: string, which: Csv, stretch: Stretch, language: string): Promise<void> {
  const url = new URL(`/api/notification/queues/${encodeURIComponent(id)}/${which}`, window.location.origin);
  const how = which === "statistics" ? { tz: zone() } : { language };
  for (const [name, value] of Object.entries({ ...stretch, ...how, format: "csv" })) url.searchParams.set(name, value);
  const response = await authorizedFetch(new Request(url));
  if (!response.ok) throw await problemOf(response);
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = address;
  link.download = `${which.replace("/", "-")}-${stretch.from.slice(0, 10)}.csv`;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, 10_000);
}
