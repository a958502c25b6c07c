import { folded, wordsOf } from "../../ui/folded";
import type { Client } from "./getClients";
import { fullName } from "./names";

/**
 * Whether a search plainly finds this client: by words of the name, the beginning of the email, or of the phone's
 * digits. The service also finds by values that are not shown, so "no" only means that it cannot be told here.
 */
export function plainlyMatches(client: Client, search: string): boolean {
  const email = folded(client.email ?? "");
  const wanted = wordsOf(search);
  const digits = search.replace(/\D/g, "");
  const isPhone = /^\+?[\d\s().\-/]+$/.test(search) && digits !== "";
  if (isPhone && (client.phone ?? "").replace(/\D/g, "").startsWith(digits)) return true;
  const start = folded(search);
  if (start !== "" && email.startsWith(start)) return true;
  const own = wordsOf(fullName(client));
  return wanted.length > 0 && !search.includes("@") && wanted.every((word) => own.some((part) => part.startsWith(word)));
}
