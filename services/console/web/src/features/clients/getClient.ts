import { dataOf, identity } from "../../api/client";
import type { paths } from "../../api/generated/identity";

export type ClientCard = paths["/api/identity/clients/{id}"]["get"]["responses"][200]["content"]["application/json"];
export type ClientChannel = ClientCard["channels"][number];
export type Claim = ClientCard["claims"][number];

/** The card. A merged client answers with a Problem of status 410 that names the survivor. */
export async function getClient(id: string, signal: AbortSignal): Promise<ClientCard> {
  return dataOf(await identity.GET("/api/identity/clients/{id}", { params: { path: { id } }, signal }));
}
