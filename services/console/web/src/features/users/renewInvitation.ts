import { consoleApi, dataOf } from "../../api/client";
import type { NewInvitation } from "./invite";

/** A new link; the one before ends at once. */
export async function renewInvitation(id: string): Promise<NewInvitation> {
  return dataOf(await consoleApi.POST("/api/console/invitations/{invitation_id}/link", { params: { path: { invitation_id: id } } }));
}
