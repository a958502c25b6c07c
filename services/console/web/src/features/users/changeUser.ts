import { consoleApi, dataOf } from "../../api/client";
import type { Role, User } from "./getUsers";

export interface Change {
  role?: Role;
  active?: boolean;
}

export async function changeUser(id: string, change: Change): Promise<User> {
  return dataOf(await consoleApi.PATCH("/api/console/users/{user_id}", { params: { path: { user_id: id } }, body: change }));
}
