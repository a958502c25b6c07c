import { consoleApi, dataOf } from "../../api/client";
import type { paths } from "../../api/generated/console";

type Post = paths["/api/console/api-keys"]["post"];
export type NewKey = Post["responses"][201]["content"]["application/json"];

export async function makeApiKey(body: Post["requestBody"]["content"]["application/json"]): Promise<NewKey> {
  return dataOf(await consoleApi.POST("/api/console/api-keys", { body }));
}
