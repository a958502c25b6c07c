import { dataOf, notification } from "../../api/client";
import type { paths } from "../../api/generated/notification";

const PATH = "/api/notification/email/troubles";

export type Troubles = paths[typeof PATH]["get"]["responses"][200]["content"]["application/json"];
/** An email that was refused, got lost, or waits after a failure. */
export type Trouble = Troubles["items"][number];
export type MailServer = Troubles["server"];

export async function getTroubles(query: { limit: number; cursor?: string }, signal: AbortSignal): Promise<Troubles> {
  return dataOf(await notification.GET(PATH, { params: { query }, signal }));
}
