import { dataOf, ingest } from "../../api/client";
import type { Connection } from "./getConnections";

/** Asks the provider anew whether the credentials hold, and has its updates sent here. */
export async function checkConnection(id: string): Promise<Connection> {
  return dataOf(await ingest.POST("/api/ingest/connections/{connection_id}/check", { params: { path: { connection_id: id } } }));
}
