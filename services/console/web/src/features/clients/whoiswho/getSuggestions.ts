import { dataOf, identity } from "../../../api/client";
import type { paths } from "../../../api/generated/identity";

type Page = paths["/api/identity/suggestions"]["get"]["responses"][200]["content"]["application/json"];
export type Suggestion = Page["items"][number];
export type Person = Suggestion["client"];

/** Who may be the same person as a client, and waits for a judgement. */
export async function getSuggestions(clientId: string, signal: AbortSignal): Promise<Suggestion[]> {
  return dataOf(await identity.GET("/api/identity/suggestions", { params: { query: { client_id: clientId } }, signal })).items;
}
