import type { Problem } from "../../api/problem";
import channels from "./channels.json";
import type { Channel, NewConnection } from "./getConnections";

export interface Field {
  name: FieldName;
  /** `secret` is written and never shown again; `lines` are several, one on each line; `switch` is "true" or "". */
  kind: "secret" | "text" | "lines" | "switch";
  optional?: boolean;
}
export type FieldName = Exclude<keyof NewConnection, "channel" | "name" | "becomes_client" | "scenario">;
/** What was typed, by field. */
export type Entries = Readonly<Record<string, string>>;
/** What is wrong with it, by field. */
export type Wrong = Readonly<Record<string, string>>;

/** The channels that can be connected now: those of `channels/register.py`, which a test compares. */
export const CONNECTABLE = channels.connectable as readonly Channel[];
export const FIELDS = channels.fields as Readonly<Record<Channel, readonly Field[]>>;

/** What the API takes of what was typed: nothing of a field left empty, or of a switch that nobody touched. */
export function credentialsOf(channel: Channel, entries: Entries): Partial<Pick<NewConnection, FieldName>> {
  const given: Partial<Record<FieldName, unknown>> = {};
  for (const { name, kind } of FIELDS[channel]) {
    const typed = (entries[name] ?? "").trim();
    if (kind === "switch" ? name in entries : typed) given[name] = kind === "switch" ? typed === "true" : kind === "lines" ? linesOf(typed) : typed;
  }
  return given as Partial<Pick<NewConnection, FieldName>>;
}

/** The fields that have to be filled in and are not. */
export function lacking(channel: Channel, entries: Entries): FieldName[] {
  return FIELDS[channel].filter(({ name, optional }) => optional !== true && !entries[name]?.trim()).map(({ name }) => name);
}

/** What a connection's settings are as entries of its form. Its secrets are not told. */
export function entriesOf(channel: Channel, settings: Readonly<Record<string, unknown>>): Entries {
  const shown = FIELDS[channel].filter(({ kind }) => kind !== "secret");
  return Object.fromEntries(shown.map(({ name }) => [name, textOf(settings[name])]));
}

/** The service's errors by field of the form. A place within a list, as `origins.1`, is said at the list. */
export function wrongFields({ fields, kind, detail }: Problem, channel: Channel): Wrong {
  if (kind === "already-connected") {
    const [first] = FIELDS[channel];
    return first && detail ? { [first.name]: detail } : {};
  }
  const names = new Set<string>(["name", ...FIELDS[channel].map(({ name }) => name)]);
  const found: Record<string, string> = {};
  for (const { field, message } of fields) {
    const [name = "", place] = field.split(".");
    if (!names.has(name)) continue;
    const said = place === undefined ? message : `${String(Number(place) + 1)}: ${message}`;
    found[name] = found[name] ? `${found[name]} ${said}` : said;
  }
  return found;
}

function linesOf(typed: string): string[] {
  return typed.split("\n").map((line) => line.trim()).filter(Boolean);
}

function textOf(value: unknown): string {
  if (value === true) return "true";
  if (Array.isArray(value)) return value.map(String).join("\n");
  return typeof value === "string" ? value : "";
}
