import { dataOf, identity } from "../../api/client";
import type { paths } from "../../api/generated/identity";

export type RefusalsQuery = NonNullable<paths["/api/identity/refusals"]["get"]["parameters"]["query"]>;
export type RefusalsPage = paths["/api/identity/refusals"]["get"]["responses"][200]["content"]["application/json"];
export type Refusal = RefusalsPage["items"][number];
export type What = Refusal["refusals"][number]["what"];

export async function getRefusals(query: RefusalsQuery, signal: AbortSignal): Promise<RefusalsPage> {
  return dataOf(await identity.GET("/api/identity/refusals", { params: { query }, signal }));
}
