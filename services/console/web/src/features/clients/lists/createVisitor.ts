import { dataOf, identity } from "../../../api/client";
import type { paths } from "../../../api/generated/identity";

export type NewVisitor = paths["/api/identity/clients"]["post"]["requestBody"]["content"]["application/json"];

export async function createVisitor(body: NewVisitor) {
  return dataOf(await identity.POST("/api/identity/clients", { body }));
}
