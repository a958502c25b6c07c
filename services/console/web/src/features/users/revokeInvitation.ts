import { consoleApi, done } from "../../api/client";

export async function revokeInvitation(id: string): Promise<void> {
  done(await consoleApi.DELETE("/api/console/invitations/{invitation_id}", { params: { path: { invitation_id: id } } }));
}
