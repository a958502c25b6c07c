import { dataOf, ingest } from "../../api/client";
import type { paths } from "../../api/generated/ingest";
import type { Connection } from "./getConnections";

export type Change = paths["/api/ingest/connections/{connection_id}"]["patch"]["requestBody"]["content"]["application/json"];

export async function changeConnection(id: string, body: Change): Promise<Connection> {
  return dataOf(await ingest.PATCH("/api/ingest/connections/{connection_id}", { params: { path: { connection_id: id } }, body }));
}
