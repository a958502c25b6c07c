import { dataOf, ingest } from "../../api/client";
import type { Connection } from "./getConnections";

export async function getConnection(id: string, signal: AbortSignal): Promise<Connection> {
  return dataOf(await ingest.GET("/api/ingest/connections/{connection_id}", { params: { path: { connection_id: id } }, signal }));
}
