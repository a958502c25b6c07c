import type { Client } from "./getClients";
import { fullName } from "./names";

const BETWEEN_WORDS = /[\s,.;:/|()[\]{}<>"'`‘’“”_+*&#!?–—-]+/u;

/**
 * Whether a search plainly finds this client: by words of the name, the beginning of the email, or of the phone's
 * digits. The service also finds by values that are not shown, so "no" only means that it cannot be told here.
 */
export function plainlyMatches(client: Client, search: string): boolean {
  const email = folded(client.email ?? "");
  const wanted = words(search);
  const digits = search.replace(/\D/g, "");
  const isPhone = /^\+?[\d\s().\-/]+$/.test(search) && digits !== "";
  if (isPhone && (client.phone ?? "").replace(/\D/g, "").startsWith(digits)) return true;
  const start = folded(search);
  if (start !== "" && email.startsWith(start)) return true;
  const own = words(fullName(client));
  return wanted.length > 0 && !search.includes("@") && wanted.every((word) => own.some((part) => part.startsWith(word)));
}

/** Without case and accents, so that `jose` finds José. */
function folded(text: string): string {
  return text
    .trim()
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .normalize("NFC")
    .toLowerCase();
}

function words(text: string): string[] {
  return folded(text).split(BETWEEN_WORDS).filter(Boolean);
}
