import { folded, wordsOf } from "../../ui/folded";
import type { Filters } from "./filters";
import type { Client } from "./getClients";
import { fullName } from "./names";

/**
 * Whether a search plainly finds this client: by words of the name, the beginning of the email, or either end of the
 * phone's digits. The service also finds by values that are not shown, so "no" only means that it cannot be told here.
 */
export function plainlyMatches(client: Client, search: string): boolean {
  const email = folded(client.email ?? "");
  const wanted = wordsOf(search);
  const digits = search.replace(/\D/g, "");
  const isPhone = /^\+?[\d\s().\-/]+$/.test(search) && digits !== "";
  const own = (client.phone ?? "").replace(/\D/g, "");
  if (isPhone && (own.startsWith(digits) || (own.endsWith(digits) && !search.startsWith("+")))) return true;
  const start = folded(search);
  if (start !== "" && email.startsWith(start)) return true;
  const name = wordsOf(fullName(client));
  return wanted.length > 0 && !search.includes("@") && wanted.every((word) => name.some((part) => part.startsWith(word)));
}

/** Whether this client is one that the filters mean, search and segments left out: a row says nothing of rules. */
export function isMeant(client: Client, { registered, source, tag, not_tag, group }: Filters): boolean {
  const tags = new Set(client.tags.map(({ id }) => id));
  const groups = new Set(client.groups.map(({ id }) => id));
  return (
    (registered === "all" || client.registered === (registered === "yes")) &&
    (source.length === 0 || (client.source !== null && source.includes(client.source))) &&
    tag.every((id) => tags.has(id)) &&
    !not_tag.some((id) => tags.has(id)) &&
    group.every((id) => groups.has(id))
  );
}
