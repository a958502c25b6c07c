import { consoleApi, done } from "../../api/client";

export async function revokeApiKey(id: string): Promise<void> {
  done(await consoleApi.DELETE("/api/console/api-keys/{key_id}", { params: { path: { key_id: id } } }));
}
