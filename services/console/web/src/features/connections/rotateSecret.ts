import { dataOf, ingest } from "../../api/client";
import type { MadeConnection } from "./addConnection";

/** Makes a new secret in the place of the one that Kith made: it is told this once. */
export async function rotateSecret(id: string): Promise<MadeConnection> {
  return dataOf(await ingest.POST("/api/ingest/connections/{connection_id}/secret", { params: { path: { connection_id: id } } }));
}
