import { dataOf, identity } from "../../../api/client";
import type { paths } from "../../../api/generated/identity";

type Get = paths["/api/identity/clients/{id}/activity"]["get"];
export type ActivityQuery = NonNullable<Get["parameters"]["query"]>;
export type ActivityPage = Get["responses"][200]["content"]["application/json"];
export type Activity = ActivityPage["items"][number];

/** One page of what a client did and what was sent to them, the newest first. */
export async function getActivity(id: string, query: ActivityQuery, signal: AbortSignal): Promise<ActivityPage> {
  return dataOf(await identity.GET("/api/identity/clients/{id}/activity", { params: { path: { id }, query }, signal }));
}
