import type { Connection } from "./getConnections";

/** What the account is called at its provider; a WhatsApp number is no username. */
export function calledAt({ channel, username }: Connection): string {
  if (!username) return "";
  return channel === "telegram" || channel === "instagram" ? `@${username}` : username;
}
