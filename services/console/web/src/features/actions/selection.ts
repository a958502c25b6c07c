import { useEffect, useState, useSyncExternalStore } from "react";

/** Which rows of a list are chosen. A store of its own, so that a tick draws one checkbox and not a thousand rows. */
export class Selection {
  private chosen: ReadonlySet<string> = new Set();
  private all = false;
  private rows: readonly string[] = [];
  private readonly hearers = new Set<() => void>();

  readonly subscribe = (hearer: () => void) => {
    this.hearers.add(hearer);
    return () => {
      this.hearers.delete(hearer);
    };
  };

  readonly ids = () => this.chosen;
  /** Everybody that the list's filter lets through, whether shown or not. */
  readonly isAll = () => this.all;
  readonly has = (id: string) => this.all || this.chosen.has(id);

  /** The ids of the rows loaded so far. */
  readonly shown = () => this.rows;

  /** Choosing or leaving out one of everybody begins anew with the rows that are shown. */
  toggle(id: string): void {
    const next = new Set(this.all ? this.rows : this.chosen);
    if (!next.delete(id)) next.add(id);
    this.set(next, false);
  }

  chooseShown(): void {
    this.set(new Set([...this.chosen, ...this.rows]), false);
  }

  chooseAll(): void {
    this.set(this.chosen, true);
  }

  clear(): void {
    this.set(new Set(), false);
  }

  show(rows: readonly string[]): void {
    this.rows = rows;
    this.tell();
  }

  private set(chosen: ReadonlySet<string>, all: boolean): void {
    this.chosen = chosen;
    this.all = all;
    this.tell();
  }

  private tell(): void {
    for (const hear of this.hearers) hear();
  }
}

/** A list's selection among the rows loaded so far; another filter begins with an empty one. */
export function useSelection(filter: string, rows: readonly { id: string }[]): Selection {
  const [selection] = useState(() => new Selection());
  useEffect(() => {
    selection.show(rows.map(({ id }) => id));
  }, [selection, rows]);
  useEffect(() => {
    selection.clear();
  }, [selection, filter]);
  return selection;
}

export function useSelected(selection: Selection) {
  const ids = useSyncExternalStore(selection.subscribe, selection.ids);
  const all = useSyncExternalStore(selection.subscribe, selection.isAll);
  const shown = useSyncExternalStore(selection.subscribe, selection.shown);
  return { ids, all, shown };
}

export function useIsSelected(selection: Selection, id: string): boolean {
  return useSyncExternalStore(selection.subscribe, () => selection.has(id));
}
