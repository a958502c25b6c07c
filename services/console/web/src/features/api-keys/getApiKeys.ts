import { consoleApi, dataOf } from "../../api/client";
import type { paths } from "../../api/generated/console";

type Query = NonNullable<paths["/api/console/api-keys"]["get"]["parameters"]["query"]>;
export type ApiKeysPage = paths["/api/console/api-keys"]["get"]["responses"][200]["content"]["application/json"];
export type ApiKey = ApiKeysPage["items"][number];

export async function getApiKeys(query: Query, signal: AbortSignal): Promise<ApiKeysPage> {
  return dataOf(await consoleApi.GET("/api/console/api-keys", { params: { query }, signal }));
}
