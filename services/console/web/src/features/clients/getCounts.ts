import { dataOf, identity } from "../../api/client";

export async function getCounts(signal: AbortSignal) {
  return dataOf(await identity.GET("/api/identity/clients/counts", { signal }));
}
