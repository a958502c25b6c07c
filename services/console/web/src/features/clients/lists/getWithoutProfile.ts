import { dataOf, identity } from "../../../api/client";

/** How many have written and belong to no client. */
export async function getWithoutProfile(signal: AbortSignal): Promise<{ total: number; exact: boolean }> {
  const query = { profile: "none", limit: 1 } as const;
  const page = dataOf(await identity.GET("/api/identity/chat-contacts", { params: { query }, signal }));
  return { total: page.total, exact: page.total_is_exact };
}
