import { dataOf, identity } from "../../api/client";
import type { paths } from "../../api/generated/identity";

type Query = NonNullable<paths["/api/identity/clients"]["get"]["parameters"]["query"]>;
export type ClientsPage = paths["/api/identity/clients"]["get"]["responses"][200]["content"]["application/json"];
export type Client = ClientsPage["items"][number];

export async function getClients(query: Query, signal?: AbortSignal): Promise<ClientsPage> {
  return dataOf(await identity.GET("/api/identity/clients", { params: { query }, signal: signal ?? null }));
}
