import { dataOf, identity } from "../../../api/client";
import type { paths } from "../../../api/generated/identity";
import type { Choices } from "./mergeClients";

export type Preview = paths["/api/identity/clients/{id}/merges/preview"]["post"]["responses"][200]["content"]["application/json"];
export type Row = Preview["rows"][number];

/** What two clients would be as one; nothing is written. */
export async function previewMerge(id: string, other: string, choices: Choices, signal: AbortSignal): Promise<Preview> {
  return dataOf(await identity.POST("/api/identity/clients/{id}/merges/preview", { params: { path: { id } }, body: { other, choices }, signal }));
}
