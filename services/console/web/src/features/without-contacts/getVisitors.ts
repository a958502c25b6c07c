import { dataOf, identity } from "../../api/client";
import type { paths } from "../../api/generated/identity";

type Query = NonNullable<paths["/api/identity/chat-contacts"]["get"]["parameters"]["query"]>;
export type VisitorsPage = paths["/api/identity/chat-contacts"]["get"]["responses"][200]["content"]["application/json"];
export type Visitor = VisitorsPage["items"][number];

/** Chat contacts without a client. `search` matches the beginning of the Chat ID, and nothing else. */
export async function getVisitors(query: Omit<Query, "profile">, signal?: AbortSignal): Promise<VisitorsPage> {
  return dataOf(await identity.GET("/api/identity/chat-contacts", { params: { query: { ...query, profile: "none" } }, signal: signal ?? null }));
}
