import type { Page } from "../../api/page";

/** What a live list needs of a row. */
export interface LiveRow {
  id: string;
  /** Rises with every change; a lower one is older news. */
  rev: number;
}

export interface Pages<Row> {
  pages: Page<Row>[];
  pageParams: unknown[];
}

/** Each of `fresh` put in the place of the row it renews. Rows without news stay the same objects. */
export function renewed<Row extends LiveRow, P extends Pages<Row>>(data: P, fresh: readonly Row[]): P {
  const news = new Map(fresh.map((row) => [row.id, row]));
  const pages = data.pages.map((page) => ({
    ...page,
    items: page.items.map((row) => {
      const newer = news.get(row.id);
      return newer && newer.rev >= row.rev ? newer : row;
    }),
  }));
  return { ...data, pages };
}

/**
 * `arrivals` put where the list's order has them: before the first row with a smaller key.
 * `keyOf` gives what the list is ordered by, largest first.
 */
export function inserted<Row extends LiveRow, P extends Pages<Row>>(data: P, arrivals: readonly Row[], keyOf: (row: Row) => number): P {
  const pages = data.pages.map((page) => ({ ...page, items: [...page.items] }));
  for (const row of [...arrivals].sort((a, b) => keyOf(a) - keyOf(b))) {
    const page = pages.find((candidate) => candidate.items.some((other) => keyOf(other) <= keyOf(row))) ?? pages.at(-1);
    if (!page) continue;
    const place = page.items.findIndex((other) => keyOf(other) <= keyOf(row));
    page.items.splice(place === -1 ? page.items.length : place, 0, row);
  }
  return { ...data, pages };
}

export function without<Row extends LiveRow, P extends Pages<Row>>(data: P, ids: ReadonlySet<string>): P {
  const pages = data.pages.map((page) => ({ ...page, items: page.items.filter((row) => !ids.has(row.id)) }));
  return { ...data, pages };
}

/** True where `row` belongs among the rows loaded so far, rather than on a page still to come. */
export function isInReach<Row extends LiveRow>(data: Pages<Row>, row: Row, keyOf: (row: Row) => number): boolean {
  const last = data.pages.at(-1);
  if (!last) return false;
  if (!last.next_cursor) return true;
  const end = last.items.at(-1);
  return end === undefined || keyOf(row) >= keyOf(end);
}

export interface Calm {
  /** The list is scrolled to its beginning. */
  atTop: boolean;
  /** The pointer is over the table, or the focus in it. */
  inUse: boolean;
}

/** More new rows than this at once wait to be asked for. */
const AT_ONCE = 3;

/** Whether `count` new rows may appear now; nothing may move under the pointer or while somebody reads further down. */
export function mayAppear(calm: Calm, waiting: number, count: number): boolean {
  return calm.atTop && !calm.inUse && waiting === 0 && count <= AT_ONCE;
}
