import { dataOf, identity } from "../../api/client";
import type { Refusal } from "./getRefusals";

export async function liftRefusal(id: string, reason: string): Promise<Refusal> {
  return dataOf(await identity.POST("/api/identity/refusals/{id}/lift", { params: { path: { id } }, body: { what: "blacklisted", reason } }));
}
