import { consoleApi, dataOf } from "../../api/client";
import type { paths } from "../../api/generated/console";

type Post = paths["/api/console/invitations"]["post"];
export type Invited = Post["requestBody"]["content"]["application/json"];
export type NewInvitation = Post["responses"][201]["content"]["application/json"];

export async function invite(body: Invited): Promise<NewInvitation> {
  return dataOf(await consoleApi.POST("/api/console/invitations", { body }));
}
