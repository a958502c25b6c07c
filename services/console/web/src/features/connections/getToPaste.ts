import { dataOf, ingest } from "../../api/client";
import type { paths } from "../../api/generated/ingest";

type Get = paths["/api/ingest/connections/{connection_id}/to-paste"]["get"];
export type Paste = Get["responses"][200]["content"]["application/json"]["items"][number];

/** What is to be copied into the provider's own pages. */
export async function getToPaste(id: string, signal: AbortSignal): Promise<Paste[]> {
  return dataOf(await ingest.GET("/api/ingest/connections/{connection_id}/to-paste", { params: { path: { connection_id: id } }, signal })).items;
}
