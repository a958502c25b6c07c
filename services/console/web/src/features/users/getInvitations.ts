import { consoleApi, dataOf } from "../../api/client";
import type { paths } from "../../api/generated/console";

type Query = NonNullable<paths["/api/console/invitations"]["get"]["parameters"]["query"]>;
export type InvitationsPage = paths["/api/console/invitations"]["get"]["responses"][200]["content"]["application/json"];
export type Invitation = InvitationsPage["items"][number];

export async function getInvitations(query: Query, signal: AbortSignal): Promise<InvitationsPage> {
  return dataOf(await consoleApi.GET("/api/console/invitations", { params: { query }, signal }));
}
