import { dataOf, ingest } from "../../api/client";
import type { paths } from "../../api/generated/ingest";

const path = "/api/ingest/conversations/{chat_contact_id}/steps";
export type Steps = paths[typeof path]["get"]["responses"][200]["content"]["application/json"];
export type Step = Steps["items"][number];

/** What the scenario did last in this conversation, newest first. */
export async function getSteps(chatContactId: string, signal: AbortSignal): Promise<Steps> {
  return dataOf(await ingest.GET(path, { params: { path: { chat_contact_id: chatContactId } }, signal }));
}
