import { dataOf, ingest } from "../../api/client";
import type { paths } from "../../api/generated/ingest";
import type { NewConnection } from "./getConnections";

export type MadeConnection = paths["/api/ingest/connections"]["post"]["responses"][201]["content"]["application/json"];

export async function addConnection(body: NewConnection): Promise<MadeConnection> {
  return dataOf(await ingest.POST("/api/ingest/connections", { body }));
}
