import type { TagLike } from "../../../ui/TagBadge";
import type { Client } from "../getClients";

/** Tags, groups and segments that the rows name, by id. */
export function labelsOf(rows: readonly Client[]): ReadonlyMap<string, TagLike> {
  return new Map(rows.flatMap(({ tags, groups, segments }) => [...tags, ...groups, ...segments]).map((label) => [label.id, label]));
}
