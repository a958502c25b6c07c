import type { Mark } from "../../ui/marks";
import type { Change } from "./protocol";
import type { LiveRow } from "./rows";

/**
 * What the service answered about a changed row: how it is now, and whether it belongs in the list as filtered.
 * Where that cannot be told here, the row stays if it is shown, and does not come if it is not.
 */
export interface Read<Row> {
  row: Row;
  belongs: boolean | "unsure";
}

export interface Plan<Row> {
  /** Rows that are shown, as they are now. */
  changed: Row[];
  /** Rows that are not shown yet, and belong in the list. */
  arrived: Row[];
  /** Shown rows that are no longer part of the list, and why. */
  gone: Map<string, Mark>;
}

/** The changes by what is to be asked about them; of several to one row the last one counts. */
export function sorted(changes: readonly Change[], isGone: (change: Change) => boolean): { asked: string[]; left: Change[]; all: Set<string> } {
  const latest = new Map(changes.map((change) => [change.id, change]));
  const left = [...latest.values()].filter(isGone);
  const leaving = new Set(left.map(({ id }) => id));
  return { asked: [...latest.keys()].filter((id) => !leaving.has(id)), left, all: new Set(latest.keys()) };
}

/** What becomes of a list that shows `shown`, after `asked` was answered with `read`. */
export function plan<Row extends LiveRow>(shown: ReadonlySet<string>, asked: readonly string[], left: readonly Change[], read: readonly Read<Row>[]): Plan<Row> {
  const gone = new Map<string, Mark>();
  for (const change of left) if (shown.has(change.id)) gone.set(change.id, { is: "gone", clientId: change.client_id });
  const known = new Set(read.map(({ row }) => row.id));
  for (const id of asked) if (shown.has(id) && !known.has(id)) gone.set(id, { is: "gone", clientId: null });
  for (const { row, belongs } of read) if (shown.has(row.id) && belongs === false) gone.set(row.id, { is: "gone", clientId: null });
  return {
    changed: read.map(({ row }) => row).filter(({ id }) => shown.has(id)),
    arrived: read.filter(({ row, belongs }) => belongs === true && !shown.has(row.id)).map(({ row }) => row),
    gone,
  };
}
