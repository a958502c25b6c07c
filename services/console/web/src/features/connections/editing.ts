import type { Problem } from "../../api/problem";
import type { Change } from "./changeConnection";
import { credentialsOf, type Entries, entriesOf, type FieldName } from "./channelFields";
import type { Connection } from "./getConnections";

/** What stands in the form of a connection. */
export interface Form {
  entries: Entries;
  becomes: Connection["becomes_client"];
  /** Secrets that are to be forgotten. */
  forgotten: readonly FieldName[];
}

export function formOf({ channel, name, settings, becomes_client: becomes }: Connection): Form {
  return { entries: { name, ...entriesOf(channel, settings) }, becomes, forgotten: [] };
}

/** Only what differs: settings that are sent are checked with the provider again. */
export function changes(connection: Connection, { entries, becomes, forgotten }: Form): Change {
  const { channel, name, becomes_client: becomesClient } = connection;
  const before = formOf(connection).entries;
  const typed = Object.fromEntries(Object.entries(entries).filter(([field, value]) => value.trim() !== (before[field] ?? "") && !forgotten.includes(field as FieldName)));
  const newName = entries.name?.trim();
  return {
    ...credentialsOf(channel, typed),
    ...(newName && newName !== name && { name: newName }),
    ...(becomes !== becomesClient && { becomes_client: becomes }),
    ...Object.fromEntries(forgotten.map((field) => [field, null])),
  };
}

/** The version that a 409 for an old `rev` shows. */
export function newerOf(problem: Problem): Connection | null {
  const found = problem.more.current;
  return problem.kind === "changed-meanwhile" && typeof found === "object" && found !== null ? (found as Connection) : null;
}

/** What somebody else changed of what this form shows: by field, how it is now. */
export function theirChanges(before: Connection, now: Connection): [field: string, value: string][] {
  const [was, is] = [formOf(before), formOf(now)];
  const entries = Object.entries(is.entries).filter(([field, value]) => value !== (was.entries[field] ?? ""));
  return was.becomes === is.becomes ? entries : [...entries, ["becomes", is.becomes]];
}

/** What was typed stays; what nobody touched here follows what is saved now. */
export function onto(before: Connection, now: Connection, mine: Form): Form {
  const [was, is] = [formOf(before), formOf(now)];
  const fields = new Set([...Object.keys(mine.entries), ...Object.keys(is.entries)]);
  const pick = (field: string) => ((mine.entries[field] ?? "") === (was.entries[field] ?? "") ? is.entries[field] : mine.entries[field]) ?? "";
  return {
    entries: Object.fromEntries([...fields].map((field) => [field, pick(field)])),
    becomes: mine.becomes === was.becomes ? is.becomes : mine.becomes,
    forgotten: mine.forgotten,
  };
}
