import { dataOf, identity } from "../../../api/client";
import type { paths } from "../../../api/generated/identity";
import type { TagLike } from "../../../ui/TagBadge";

export type NewTag = paths["/api/identity/tags"]["post"]["requestBody"]["content"]["application/json"];
export type TagColor = NonNullable<NewTag["color"]>;

/** In the order of the rainbow, as the service takes them. */
export const TAG_COLORS: readonly TagColor[] = ["gray", "red", "pink", "grape", "violet", "indigo", "blue", "cyan", "teal", "green", "lime", "yellow", "orange"];

/** Makes a tag; the one of the same name where there is one. */
export async function makeTag(body: NewTag): Promise<TagLike> {
  return dataOf(await identity.POST("/api/identity/tags", { body }));
}
