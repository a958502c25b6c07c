import { hashKey, type InfiniteData, type QueryClient, type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useEffectEvent, useRef, useState } from "react";
import type { Page } from "../../api/page";
import type { LiveRows, Mark } from "../../ui/marks";
import { uniqueRows } from "../../ui/uniqueRows";
import { Gatherer } from "./gather";
import { useLive } from "./LiveProvider";
import type { Change, Kind } from "./protocol";
import { inserted, isInReach, type LiveRow, mayAppear, renewed, without } from "./rows";
import { useCalm } from "./useCalm";
import { useMarks } from "./useMarks";

const GATHER_MS = 250;
const COUNT_MS = 1_000;
/** Ids asked for in one request. */
const CHUNK = 100;
/** With more than this waiting the list is read again instead. */
const MOST_WAITING = 200;

interface Options<Row> {
  kind: Kind;
  /** The infinite query that holds the list; its pages are changed in place. */
  queryKey: QueryKey;
  /** What the list is ordered by, largest first. */
  keyOf: (row: Row) => string;
  /** The rows with these ids, and whether each belongs in the list as it is filtered now. */
  read: (ids: string[]) => Promise<{ row: Row; belongs: boolean }[]>;
  /** True where the change alone tells that its row is no longer in any such list. */
  isGone: (change: Change) => boolean;
  /** Queries that count, to be refreshed after a change. */
  counts: QueryKey;
}

/** Keeps a list in step with the world: changes rows where they stand, lets new ones in when nobody is disturbed. */
export function useLiveRows<Row extends LiveRow>({ kind, queryKey, keyOf, read, isGone, counts }: Options<Row>): LiveRows {
  type Data = InfiniteData<Page<Row>>;
  const client = useQueryClient();
  const { hear } = useLive();
  const calm = useCalm();
  const [waiting, setWaiting] = useState<ReadonlyMap<string, Row>>(new Map());
  const waitingNow = useRef(waiting);
  const hash = hashKey(queryKey);

  const wait = (rows: ReadonlyMap<string, Row>) => {
    waitingNow.current = rows;
    setWaiting(rows);
  };
  const dataNow = () => client.getQueryData<Data>(queryKey);
  const update = (how: (data: Data) => Data) => client.setQueryData<Data>(queryKey, (data) => data && how(data));

  const leave = useEffectEvent((ids: ReadonlySet<string>) => {
    if (calm.now().inUse) return false;
    update((data) => without(data, ids));
    return true;
  });
  const { marks, mark, clear } = useMarks(useCallback((ids: ReadonlySet<string>) => leave(ids), []));

  const readAgain = useEffectEvent(async () => {
    await settled(client, queryKey);
    wait(new Map());
    clear();
    await Promise.all([client.invalidateQueries({ queryKey, exact: true }), client.invalidateQueries({ queryKey: counts })]);
  });

  const apply = useEffectEvent(async (changes: Change[]) => {
    const key = hash;
    await settled(client, queryKey);
    const shown = new Set(uniqueRows(dataNow()?.pages ?? []).map((row) => row.id));
    const latest = new Map(changes.map((change) => [change.id, change]));
    const gone = new Map<string, Mark>();
    const asked: string[] = [];
    for (const change of latest.values()) {
      if (!isGone(change)) asked.push(change.id);
      else if (shown.has(change.id)) gone.set(change.id, { is: "gone", clientId: change.client_id });
    }
    const found = (await Promise.all(chunks(asked).map(read))).flat();
    await settled(client, queryKey);
    // The filter may have moved on while the rows were read: then they are of no use here.
    if (key !== currentHash()) return;
    const data = dataNow();
    if (!data) return;

    const known = new Set(found.map(({ row }) => row.id));
    for (const id of asked) if (shown.has(id) && !known.has(id)) gone.set(id, { is: "gone", clientId: null });
    for (const { row, belongs } of found) if (!belongs && shown.has(row.id)) gone.set(row.id, { is: "gone", clientId: null });
    const changed = found.map(({ row }) => row).filter((row) => shown.has(row.id));
    const arrived = found.filter(({ row, belongs }) => belongs && !shown.has(row.id)).map(({ row }) => row);
    const reachable = arrived.filter((row) => isInReach(data, row, keyOf));

    const stillWaiting = new Map([...waitingNow.current].filter(([id]) => !latest.has(id)));
    const atOnce = mayAppear(calm.now(), stillWaiting.size, reachable.length);
    update((before) => inserted(renewed(before, changed), atOnce ? reachable : [], keyOf));
    mark(changed.map(idOf), { is: "changed" });
    if (atOnce) mark(reachable.map(idOf), { is: "new" });
    mark(gone.keys(), (id) => gone.get(id) ?? { is: "changed" });
    wait(atOnce ? stillWaiting : new Map([...stillWaiting, ...reachable.map((row) => [row.id, row] as const)]));
  });

  const currentHash = useEffectEvent(() => hash);

  useEffect(() => {
    let last = Promise.resolve();
    const gatherer = new Gatherer<Change>((changes) => {
      last = last.then(() => apply(changes)).catch(() => readAgain());
    }, GATHER_MS);
    const counter = new Gatherer<null>(() => void client.invalidateQueries({ queryKey: counts }), COUNT_MS);
    const stopHearing = hear((event) => {
      if (event.type === "reset") void readAgain();
      if (event.type !== "change" || event.change.kind !== kind) return;
      gatherer.add(event.change);
      counter.add(null);
    });
    return () => {
      stopHearing();
      gatherer.stop();
      counter.stop();
    };
    // eslint-free: `counts` is a constant of the page.
  }, [hear, kind, client]);

  useEffect(() => {
    wait(new Map());
    clear();
  }, [hash, clear]);

  const showWaiting = () => {
    const rows = [...waitingNow.current.values()];
    wait(new Map());
    calm.surroundings.viewportRef.current?.scrollTo({ top: 0 });
    if (rows.length > MOST_WAITING) {
      void client.invalidateQueries({ queryKey, exact: true });
      return;
    }
    update((data) => inserted(data, rows, keyOf));
    mark(rows.map(idOf), { is: "new" });
  };

  return { marks, waiting: waiting.size, showWaiting, surroundings: calm.surroundings };
}

function idOf(row: LiveRow): string {
  return row.id;
}

function chunks(ids: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(ids.length / CHUNK) }, (_, index) => ids.slice(index * CHUNK, (index + 1) * CHUNK));
}

/** Waits until nothing is read into the query: a page read before a change would otherwise overwrite it. */
async function settled(client: QueryClient, queryKey: QueryKey): Promise<void> {
  const busy = () => client.isFetching({ queryKey, exact: true }) > 0;
  while (busy()) {
    await new Promise<void>((resolve) => {
      const stop = client.getQueryCache().subscribe(() => {
        if (busy()) return;
        stop();
        resolve();
      });
    });
  }
}
