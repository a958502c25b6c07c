import type { Check, Import } from "./api";

export const TARGETS = [
  "name", "surname", "email", "phone", "contact_key", "source", "tags", "language", "time_zone",
  "country", "region", "city", "street", "postcode",
] as const;
export type Key = Check["dedupe_on"];
export const KEYS: readonly Key[] = ["contact_key", "email", "phone"];

/** What somebody has chosen so far. */
export interface Draft {
  /** By the column's place; null: it is left out. */
  to: (string | null)[];
  dedupeOn: Key | null;
  existing: NonNullable<Check["existing"]>;
  phoneCountry: string;
}

/** What the file is likely to be, or how it was read last. */
export function draftOf({ columns, plan }: Import): Draft {
  const mapped = new Map(plan?.mapping.map(({ column, to }) => [column, to]));
  const to = columns.map(({ suggested }, place) => (plan ? (mapped.get(place) ?? null) : suggested));
  return {
    to,
    dedupeOn: plan?.dedupe_on ?? keysIn(to)[0] ?? null,
    existing: plan?.existing ?? "update",
    phoneCountry: plan?.phone_country ?? "",
  };
}

/** The keys by which people can be found again: those that a column is. */
export function keysIn(to: readonly (string | null)[]): Key[] {
  return KEYS.filter((key) => to.includes(key));
}

/** Makes a column something. What another column was is that column's no more, but for tags; the key stays one there is. */
export function mapped(draft: Draft, place: number, target: string | null): Draft {
  const to = draft.to.map((there, at) => (at === place ? target : there === target && target !== "tags" ? null : there));
  const keys = keysIn(to);
  return { ...draft, to, dedupeOn: draft.dedupeOn && keys.includes(draft.dedupeOn) ? draft.dedupeOn : (keys[0] ?? null) };
}

/** The draft as it is asked; null while there is nothing to find people by. */
export function checkOf(draft: Draft): Check | null {
  if (draft.dedupeOn === null) return null;
  return {
    mapping: draft.to.flatMap((to, column) => (to === null ? [] : [{ column, to }])),
    dedupe_on: draft.dedupeOn,
    existing: draft.existing,
    phone_country: draft.phoneCountry.trim().toUpperCase() || null,
    tags: [],
  };
}
