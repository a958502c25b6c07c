import { dataOf, ingest } from "../../api/client";
import type { paths } from "../../api/generated/ingest";

type List = paths["/api/ingest/connections"];
export type ConnectionsPage = List["get"]["responses"][200]["content"]["application/json"];
export type Connection = ConnectionsPage["items"][number];
export type Channel = Connection["channel"];
export type BecomesClient = Connection["becomes_client"];
export type NewConnection = List["post"]["requestBody"]["content"]["application/json"];

export async function getConnections(signal: AbortSignal): Promise<ConnectionsPage> {
  return dataOf(await ingest.GET("/api/ingest/connections", { signal }));
}
