import { done, identity } from "../../../api/client";

/** Says that the two are not one person: nothing suggests or links them again. */
export async function declineSuggestion(id: string): Promise<void> {
  done(await identity.POST("/api/identity/suggestions/{id}/decline", { params: { path: { id } } }));
}
