import { dataOf, identity } from "../../api/client";
import type { paths } from "../../api/generated/identity";
import type { Refusal } from "./getRefusals";

type Asked = paths["/api/identity/refusals"]["post"]["requestBody"]["content"]["application/json"];

/** Blacklists an email, a phone or a chat contact; every sender knows of it when this answers. */
export async function refuse(asked: Asked): Promise<Refusal> {
  return dataOf(await identity.POST("/api/identity/refusals", { body: asked }));
}
