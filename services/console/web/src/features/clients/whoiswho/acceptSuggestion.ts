import { dataOf, identity } from "../../../api/client";
import type { Choices, Merged, Warned } from "./mergeClients";

/** Says that the two are one person, which merges them. */
export async function acceptSuggestion(id: string, how: { survivor: string; choices: Choices; accepts: Warned[] }): Promise<Merged> {
  return dataOf(await identity.POST("/api/identity/suggestions/{id}/accept", { params: { path: { id } }, body: how }));
}
