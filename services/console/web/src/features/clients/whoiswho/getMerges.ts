import { dataOf, identity } from "../../../api/client";
import type { paths } from "../../../api/generated/identity";

type Page = paths["/api/identity/clients/{id}/merges"]["get"]["responses"][200]["content"]["application/json"];
export type Merge = Page["items"][number];

export async function getMerges(clientId: string, signal: AbortSignal): Promise<Merge[]> {
  return dataOf(await identity.GET("/api/identity/clients/{id}/merges", { params: { path: { id: clientId } }, signal })).items;
}
