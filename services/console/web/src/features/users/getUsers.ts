import { consoleApi, dataOf } from "../../api/client";
import type { paths } from "../../api/generated/console";

type Query = NonNullable<paths["/api/console/users"]["get"]["parameters"]["query"]>;
export type UsersPage = paths["/api/console/users"]["get"]["responses"][200]["content"]["application/json"];
export type User = UsersPage["items"][number];
export type Role = User["role"];
export const ROLES: readonly Role[] = ["agent", "marketer", "admin"];

export async function getUsers(query: Query, signal: AbortSignal): Promise<UsersPage> {
  return dataOf(await consoleApi.GET("/api/console/users", { params: { query }, signal }));
}
