import { dataOf, identity } from "../../api/client";

export async function getVisitor(id: string, signal: AbortSignal) {
  return dataOf(await identity.GET("/api/identity/chat-contacts/{id}", { params: { path: { id } }, signal }));
}
