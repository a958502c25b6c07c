import { dataOf, identity } from "./client";
import type { components } from "./generated/identity";
import { asked, type Rule } from "./labels";

type Schemas = components["schemas"];
export type Job = Schemas["JobOut"];
export type JobKind = Schemas["LabelAction"]["kind"];
/** On whom: given clients, or all that a filter lets through when it starts. */
export type Whom = { ids: string[] } | { filter: Rule };

/** What is shown of bulk work: read again once something was started. */
export const JOBS_KEY = ["jobs"] as const;
const SHOWN = 20;

export function isOpen({ status }: Job): boolean {
  return status === "waiting" || status === "running";
}

/** The user's own, newest first. */
export async function getJobs(signal?: AbortSignal): Promise<Job[]> {
  return dataOf(await identity.GET("/api/identity/jobs", { params: { query: { mine: true, limit: SHOWN } }, signal: signal ?? null })).items;
}

/** `key` makes it once, however often it is sent. */
export async function startJob(kind: JobKind, labelId: string, whom: Whom, key: string): Promise<Job> {
  const of = "ids" in whom ? { ids: whom.ids, filter: null } : { ids: null, filter: asked(whom.filter) };
  const header = { "idempotency-key": key };
  return dataOf(await identity.POST("/api/identity/jobs", { params: { header }, body: { action: { kind, id: labelId }, ...of } }));
}

export async function cancelJob(id: string): Promise<Job> {
  return dataOf(await identity.POST("/api/identity/jobs/{id}/cancel", { params: { path: { id } } }));
}
