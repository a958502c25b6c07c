import { dataOf, identity } from "../../../api/client";
import type { TagLike } from "../../../ui/TagBadge";

const AT_ONCE = 50;

/** Tags whose name begins with `search`. */
export async function getTags(search: string, signal: AbortSignal): Promise<TagLike[]> {
  return dataOf(await identity.GET("/api/identity/tags", { params: { query: { search, limit: AT_ONCE } }, signal })).items;
}

/** Makes a tag; the one of the same name where there is one. */
export async function makeTag(name: string): Promise<TagLike> {
  return dataOf(await identity.POST("/api/identity/tags", { body: { name } }));
}
