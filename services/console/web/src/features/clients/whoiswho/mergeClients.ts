import { dataOf, identity } from "../../../api/client";
import type { paths } from "../../../api/generated/identity";

type Post = paths["/api/identity/clients/{id}/merges"]["post"];
type Asked = Post["requestBody"]["content"]["application/json"];
export type Merged = Post["responses"][201]["content"]["application/json"];
export type Choices = NonNullable<Asked["choices"]>;
export type Warned = NonNullable<Asked["accepts"]>[number];

/** Merges another client into this one. */
export async function mergeClients(id: string, asked: Asked): Promise<Merged> {
  return dataOf(await identity.POST("/api/identity/clients/{id}/merges", { params: { path: { id } }, body: asked }));
}
