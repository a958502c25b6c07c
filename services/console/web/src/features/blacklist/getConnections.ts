import { dataOf, identity } from "../../api/client";
import type { paths } from "../../api/generated/identity";

type Connections = paths["/api/identity/connections"]["get"]["responses"][200]["content"]["application/json"];

/** Where a chat contact may be found. */
export async function getConnections(signal: AbortSignal): Promise<Connections["items"]> {
  return dataOf(await identity.GET("/api/identity/connections", { signal })).items;
}
