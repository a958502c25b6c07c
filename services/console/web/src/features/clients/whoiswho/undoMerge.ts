import { dataOf, identity } from "../../../api/client";
import type { paths } from "../../../api/generated/identity";

type Undone = paths["/api/identity/merges/{id}/undo"]["post"]["responses"][200]["content"]["application/json"];

export async function undoMerge(id: string): Promise<Undone> {
  return dataOf(await identity.POST("/api/identity/merges/{id}/undo", { params: { path: { id } } }));
}
