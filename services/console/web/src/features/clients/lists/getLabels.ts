import { dataOf, identity } from "../../../api/client";
import type { TagLike } from "../../../ui/TagBadge";

const AT_ONCE = 50;

export type LabelKind = "tag" | "group" | "segment";

/** Tags, contact groups or segments whose name begins with `search`. */
export async function getLabels(kind: LabelKind, search: string, signal: AbortSignal): Promise<TagLike[]> {
  const asked = { params: { query: { search, limit: AT_ONCE } }, signal };
  if (kind === "tag") return dataOf(await identity.GET("/api/identity/tags", asked)).items;
  if (kind === "group") return dataOf(await identity.GET("/api/identity/groups", asked)).items;
  return dataOf(await identity.GET("/api/identity/segments", asked)).items;
}

/** One of them: what an address names may be none of the first ones by name. */
export async function getLabel(kind: LabelKind, id: string, signal: AbortSignal): Promise<TagLike> {
  const asked = { params: { path: { id } }, signal };
  if (kind === "tag") return dataOf(await identity.GET("/api/identity/tags/{id}", asked));
  if (kind === "group") return dataOf(await identity.GET("/api/identity/groups/{id}", asked));
  return dataOf(await identity.GET("/api/identity/segments/{id}", asked));
}
