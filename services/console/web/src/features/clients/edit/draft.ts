import type { ClientCard } from "../getClient";
import type { ClientEdit, Label } from "./api";

export type FieldValue = string | number | boolean | string[] | null;
export type AddressDraft = Record<"country" | "region" | "city" | "street" | "postcode", string>;
export type LocationDraft = Record<"latitude" | "longitude" | "country" | "region" | "city", string>;

/** A profile as it is being edited: what is empty is an empty text. Fields are by key, categories by id. */
export interface Draft {
  name: string;
  surname: string;
  email: string;
  phone: string;
  contact_key: string;
  language: string | null;
  time_zone: string | null;
  address: AddressDraft;
  location: LocationDraft;
  tags: readonly Label[];
  groups: readonly Label[];
  fields: Readonly<Record<string, FieldValue>>;
  subscriptions: Readonly<Record<string, boolean>>;
}

export function draftOf(client: ClientCard): Draft {
  const { address, location } = client;
  return {
    name: client.name,
    surname: client.surname ?? "",
    email: client.email ?? "",
    phone: client.phone ?? "",
    contact_key: client.contact_key ?? "",
    language: client.language,
    time_zone: client.time_zone,
    address: {
      country: address?.country ?? "",
      region: address?.region ?? "",
      city: address?.city ?? "",
      street: address?.street ?? "",
      postcode: address?.postcode ?? "",
    },
    location: {
      latitude: numberText(location?.latitude),
      longitude: numberText(location?.longitude),
      country: location?.country ?? "",
      region: location?.region ?? "",
      city: location?.city ?? "",
    },
    tags: client.tags.map(({ id, name }) => ({ id, name })),
    groups: client.groups.map(({ id, name }) => ({ id, name })),
    fields: Object.fromEntries(client.fields.map(({ key, value }) => [key, value])),
    subscriptions: Object.fromEntries(client.subscriptions.map(({ category_id: id, subscribed }) => [id, subscribed])),
  };
}

/** One thing that an edit may change: a part of the draft, or one of its fields or categories, as `fields.<key>`. */
export type Part = string;

export function partsOf(one: Draft, other: Draft): Part[] {
  const named = (of: "fields" | "subscriptions") => [...new Set([...Object.keys(one[of]), ...Object.keys(other[of])])].map((name) => `${of}.${name}`);
  const plain = Object.keys(one).filter((part) => part !== "fields" && part !== "subscriptions");
  return [...plain, ...named("fields"), ...named("subscriptions")];
}

export function valueOf(draft: Draft, part: Part): unknown {
  const [of, name] = split(part);
  if (name === null) return draft[of as keyof Draft];
  return of === "fields" ? (draft.fields[name] ?? null) : draft.subscriptions[name];
}

/** The draft with one part as another draft has it. */
export function withPart(draft: Draft, part: Part, from: Draft): Draft {
  const [of, name] = split(part);
  if (name === null) return { ...draft, [of]: from[of as keyof Draft] };
  return { ...draft, [of]: { ...draft[of as "fields"], [name]: valueOf(from, part) } };
}

export function isSame(one: Draft, other: Draft, part: Part): boolean {
  return asKept(valueOf(one, part)) === asKept(valueOf(other, part));
}

export function differing(one: Draft, other: Draft): Part[] {
  return partsOf(one, other).filter((part) => !isSame(one, other, part));
}

/** What is to be sent: the parts that differ, emptied ones as null. Tags that are new have no id yet. */
export function changes(before: Draft, after: Draft): ClientEdit {
  const edit: Record<string, unknown> = {};
  for (const part of differing(before, after)) {
    const [of, name] = split(part);
    if (name !== null) edit[of] = { ...(edit[of] as object | undefined), [name]: valueOf(after, part) };
    else edit[of] = asSent(after, of as keyof Draft);
  }
  return edit as ClientEdit;
}

function asSent(draft: Draft, part: keyof Draft): unknown {
  switch (part) {
    case "tags":
    case "groups":
      return draft[part].map(({ id }) => id);
    case "address":
      return filled(draft.address);
    case "location": {
      const { latitude, longitude, ...names } = draft.location;
      const place = filled(names);
      const degrees = latitude.trim() || longitude.trim() ? { latitude: asNumber(latitude), longitude: asNumber(longitude) } : null;
      return place || degrees ? { ...place, ...degrees } : null;
    }
    default: {
      const value = draft[part];
      return typeof value === "string" ? value.trim() || null : value;
    }
  }
}

function filled(texts: Record<string, string>): Record<string, string> | null {
  const kept = Object.entries(texts).flatMap(([name, text]) => (text.trim() ? [[name, text.trim()]] : []));
  return kept.length > 0 ? (Object.fromEntries(kept) as Record<string, string>) : null;
}

/** As it is compared: spaces around it, the order of labels, and how an empty value is written do not matter. */
function asKept(value: unknown): string {
  if (Array.isArray(value)) return JSON.stringify(value.map((one: unknown) => (typeof one === "object" && one !== null ? (one as Label).name : one)).sort());
  if (typeof value === "string") return value.trim();
  if (value === null || value === undefined) return "";
  if (typeof value === "object") return JSON.stringify(Object.values(value).map((text) => String(text).trim()));
  return JSON.stringify(value);
}

function split(part: Part): [string, string | null] {
  const at = part.indexOf(".");
  return at < 0 ? [part, null] : [part.slice(0, at), part.slice(at + 1)];
}

/** A number as it was typed, with a comma or a point. */
export function asNumber(text: string): number | null {
  const found = Number(text.trim().replace(",", "."));
  return text.trim() === "" || Number.isNaN(found) ? null : found;
}

function numberText(value: number | null | undefined): string {
  return value === null || value === undefined ? "" : String(value);
}
