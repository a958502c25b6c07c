import { dataOf, identity } from "../../api/client";
import type { paths } from "../../api/generated/identity";

type Query = NonNullable<paths["/api/identity/clients"]["get"]["parameters"]["query"]>;
/** Sources come from the address, which may say anything: the service refuses what it does not know. */
export type ClientsQuery = Omit<Query, "source"> & { source?: string[] };
export type ClientsPage = paths["/api/identity/clients"]["get"]["responses"][200]["content"]["application/json"];
export type Client = ClientsPage["items"][number];

export async function getClients(query: ClientsQuery, signal?: AbortSignal): Promise<ClientsPage> {
  return dataOf(await identity.GET("/api/identity/clients", { params: { query: query as Query }, signal: signal ?? null }));
}
