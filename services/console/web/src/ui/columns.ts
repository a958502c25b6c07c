import { useMediaQuery } from "@mantine/hooks";
import { type ReactNode, useMemo, useState } from "react";

export interface Column<Record> {
  id: string;
  title: string;
  /** What the column means, in the header's tooltip. */
  help?: string;
  /** Stands in the header in the title's place. */
  head?: ReactNode;
  /** In pixels, at least; what is left over is shared out. */
  width: number;
  /** On a phone, where it is another. */
  narrow?: number;
  /** Stays in view while the table is scrolled sideways. */
  pin?: "start" | "end";
  /** Left out on a phone until somebody chooses it. */
  wide?: boolean;
  /** Cannot be left out. */
  always?: boolean;
  render: (row: Record) => ReactNode;
}

export interface ColumnChoice<Record> {
  all: readonly Column<Record>[];
  shown: Column<Record>[];
  isShown: (id: string) => boolean;
  set: (id: string, shown: boolean) => void;
  reset: () => void;
}

/** Which columns to show, kept in this browser under `kith.columns.<table>`. */
export function useColumnChoice<Record>(table: string, all: readonly Column<Record>[]): ColumnChoice<Record> {
  const key = `kith.columns.${table}`;
  const [chosen, setChosen] = useState(() => read(key));
  const narrow = useMediaQuery("(max-width: 48em)", false, { getInitialValueInEffect: false });

  return useMemo(() => {
    const isShown = (id: string) => {
      const column = all.find((candidate) => candidate.id === id);
      return column?.always === true || (chosen[id] ?? !(narrow && column?.wide === true));
    };
    const keep = (next: Choice) => {
      write(key, next);
      setChosen(next);
    };
    return {
      all,
      shown: all.filter(({ id }) => isShown(id)).map((column) => (narrow && column.narrow ? { ...column, width: column.narrow } : column)),
      isShown,
      set: (id, shown) => {
        keep({ ...chosen, [id]: shown });
      },
      reset: () => {
        keep(Object.fromEntries(all.map(({ id }) => [id, true])));
      },
    };
  }, [all, chosen, narrow, key]);
}

type Choice = { [id: string]: boolean };

function read(key: string): Choice {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? "{}");
    if (typeof stored !== "object" || stored === null) return {};
    return Object.fromEntries(Object.entries(stored).filter((entry): entry is [string, boolean] => typeof entry[1] === "boolean"));
  } catch {
    return {};
  }
}

function write(key: string, choice: Choice): void {
  try {
    localStorage.setItem(key, JSON.stringify(choice));
  } catch {
    // Storage is forbidden here: the choice holds until the page is left.
  }
}
