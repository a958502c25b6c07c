import { dataOf, identity } from "./client";
import type { components } from "./generated/identity";
import { asked, type Rule } from "./labels";

type Schemas = components["schemas"];
export type Job = Schemas["JobOut"];
/** What is done to people, beside what it needs: a label's id, or a reason. */
export type Action = Schemas["JobAsked"]["action"];
/** On whom: given clients, or all that a filter lets through when it starts. */
export type Whom = { ids: string[] } | { filter: Rule };

/** What is shown of bulk work: read again once something was started. */
export const JOBS_KEY = ["jobs"] as const;
const SHOWN = 20;
/** Ids that one job takes. */
const AT_ONCE = 1_000;

export function isOpen({ status }: Job): boolean {
  return status === "waiting" || status === "running";
}

/** The user's own, newest first. */
export async function getJobs(signal?: AbortSignal): Promise<Job[]> {
  return dataOf(await identity.GET("/api/identity/jobs", { params: { query: { mine: true, limit: SHOWN } }, signal: signal ?? null })).items;
}

/** Starts it, in as many jobs as the API's limit makes of it. `key` makes it once, however often it is sent. */
export async function startJobs(action: Action, whom: Whom, key: string): Promise<void> {
  await Promise.all(
    parts(whom).map(async (part, place) => {
      const header = { "idempotency-key": `${key}-${String(place)}` };
      dataOf(await identity.POST("/api/identity/jobs", { params: { header }, body: { action, ...part } }));
    }),
  );
}

function parts(whom: Whom) {
  if (!("ids" in whom)) return [{ ids: null, filter: asked(whom.filter) }];
  const { ids } = whom;
  return Array.from({ length: Math.ceil(ids.length / AT_ONCE) }, (_, place) => ({ ids: ids.slice(place * AT_ONCE, (place + 1) * AT_ONCE), filter: null }));
}

export async function cancelJob(id: string): Promise<Job> {
  return dataOf(await identity.POST("/api/identity/jobs/{id}/cancel", { params: { path: { id } } }));
}
