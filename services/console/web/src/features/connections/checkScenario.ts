import { dataOf, ingest } from "../../api/client";
import type { paths } from "../../api/generated/ingest";

type Post = paths["/api/ingest/scenarios/check"]["post"];
export type Document = Post["requestBody"]["content"]["application/json"]["scenario"];
export type Verdict = Post["responses"][200]["content"]["application/json"];

export async function checkScenario(scenario: Document, signal: AbortSignal): Promise<Verdict> {
  return dataOf(await ingest.POST("/api/ingest/scenarios/check", { body: { scenario }, signal }));
}
