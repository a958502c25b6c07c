import { hashKey, type InfiniteData, type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import type { Page } from "../../api/page";
import type { LiveRows } from "../../ui/marks";
import { uniqueRows } from "../../ui/uniqueRows";
import { plan, type Plan, type Read, sorted } from "./plan";
import type { Change, Kind } from "./protocol";
import { inserted, isInReach, type LiveRow, mayAppear, renewed, without } from "./rows";
import { settled } from "./settled";
import { useCalm } from "./useCalm";
import { useChanges } from "./useChanges";
import { useMarks } from "./useMarks";

/** Ids asked for in one request. */
const CHUNK = 50;
/** With more than this waiting the list is read again instead. */
const MOST_WAITING = 200;

interface Options<Row> {
  kind: Kind;
  /** The infinite query that holds the list; its pages are changed in place. */
  queryKey: QueryKey;
  /** What the list is ordered by, largest first: a time in milliseconds. */
  keyOf: (row: Row) => number;
  read: (ids: string[]) => Promise<Read<Row>[]>;
  /** True where the change alone tells that its row is no longer in any such list. */
  isGone: (change: Change) => boolean;
  /** Counts again, for something changed; called at most once a second. */
  recount: () => Promise<unknown>;
}

/** Keeps a list in step with the world: changes rows where they stand, lets new ones in when nobody is disturbed. */
export function useLiveRows<Row extends LiveRow>({ kind, queryKey, keyOf, read, isGone, recount }: Options<Row>): LiveRows {
  type Data = InfiniteData<Page<Row>>;
  const client = useQueryClient();
  const calm = useCalm();
  const [waiting, setWaiting] = useState<ReadonlyMap<string, Row>>(new Map());
  const waitingNow = useRef(waiting);
  const hash = hashKey(queryKey);
  const hashNow = useRef(hash);

  const dataNow = () => client.getQueryData<Data>(queryKey);
  const update = (how: (data: Data) => Data) => client.setQueryData<Data>(queryKey, (data) => data && how(data));
  const wait = (rows: ReadonlyMap<string, Row>) => {
    waitingNow.current = rows;
    setWaiting(rows);
  };

  const { marks, mark, clear } = useMarks((ids) => {
    if (calm.now().inUse) return false;
    update((data) => without(data, ids));
    return true;
  });

  const carryOut = (data: Data, { changed, arrived, gone }: Plan<Row>, touched: ReadonlySet<string>) => {
    const here = arrived.filter((row) => isInReach(data, row, keyOf));
    const others = new Map([...waitingNow.current].filter(([id]) => !touched.has(id)));
    const atOnce = mayAppear(calm.now(), others.size, here.length);
    update((before) => inserted(renewed(before, changed), atOnce ? here : [], keyOf));
    mark(changed.map(idOf), () => ({ is: "changed" }));
    mark(gone.keys(), (id) => gone.get(id) ?? { is: "gone", clientId: null });
    if (atOnce) mark(here.map(idOf), () => ({ is: "new" }));
    wait(atOnce ? others : new Map([...others, ...here.map((row) => [row.id, row] as const)]));
  };

  const apply = async (changes: Change[]) => {
    const { asked, left, all } = sorted(changes, isGone);
    const answers = (await Promise.all(chunks(asked).map(read))).flat();
    await settled(client, queryKey);
    const data = dataNow();
    // The filter moved on while the rows were read: another list is shown now.
    if (!data || hash !== hashNow.current) return;
    const shown = new Set(uniqueRows(data.pages).map(idOf));
    carryOut(data, plan(shown, asked, left, answers), all);
  };

  const readAgain = async () => {
    await settled(client, queryKey);
    await Promise.all([client.invalidateQueries({ queryKey, exact: true }), recount()]);
    wait(new Map());
  };

  useChanges(kind, { apply, readAgain, count: () => void recount().catch(() => undefined) });

  const startOver = useEffectEvent(() => {
    wait(new Map());
    clear();
  });
  useEffect(() => {
    hashNow.current = hash;
    startOver();
  }, [hash]);

  const showWaiting = () => {
    const rows = [...waitingNow.current.values()];
    wait(new Map());
    calm.surroundings.viewportRef.current?.scrollTo({ top: 0 });
    if (rows.length > MOST_WAITING) {
      void client.invalidateQueries({ queryKey, exact: true });
      return;
    }
    update((data) => inserted(data, rows, keyOf));
    mark(rows.map(idOf), () => ({ is: "new" }));
  };

  return { marks, waiting: waiting.size, showWaiting, surroundings: calm.surroundings };
}

function idOf(row: LiveRow): string {
  return row.id;
}

function chunks(ids: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(ids.length / CHUNK) }, (_, index) => ids.slice(index * CHUNK, (index + 1) * CHUNK));
}
