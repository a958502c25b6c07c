import { done, identity } from "../../../api/client";

export async function deleteClient(id: string): Promise<void> {
  done(await identity.DELETE("/api/identity/clients/{id}", { params: { path: { id } } }));
}
