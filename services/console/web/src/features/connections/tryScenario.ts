import { dataOf, ingest } from "../../api/client";
import type { paths } from "../../api/generated/ingest";

type Post = paths["/api/ingest/scenarios/try"]["post"];
export type Try = Post["requestBody"]["content"]["application/json"];
export type Tried = Post["responses"][200]["content"]["application/json"];

/** One input to a scenario, and what follows. Nothing of it is kept. */
export async function tryScenario(body: Try): Promise<Tried> {
  return dataOf(await ingest.POST("/api/ingest/scenarios/try", { body }));
}
