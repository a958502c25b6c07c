import type { Words } from "../../words";

/** As services/console/domain/passwords.py has them; the service has the last word. */
export const SHORTEST = 10;
const LONGEST = 1000;
export const FEWEST_DIFFERENT = 4;

/** What is wrong with a new password, in words; null for one that is taken. */
export function wrongWith(password: string, email: string, { join }: Words): string | null {
  const letters = [...password.normalize("NFKC")];
  const lower = letters.join("").toLowerCase();
  if (letters.length < SHORTEST) return join.tooShort(SHORTEST, letters.length);
  if (letters.length > LONGEST) return join.tooLong(LONGEST);
  if (new Set(letters).size < FEWEST_DIFFERENT) return join.tooPlain(FEWEST_DIFFERENT);
  if (lower === email || lower === email.split("@")[0]) return join.isEmail;
  return null;
}
