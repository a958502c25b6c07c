import { useCallback, useEffect, useState } from "react";
import type { Mark } from "../../ui/marks";

/** How long a mark stays, in milliseconds. A row that is gone leaves when its time is over and nobody is busy there. */
const LASTS: Record<Mark["is"], number> = { new: 10_000, changed: 2_500, gone: 6_000 };
const SWEEP_MS = 500;

type Marks = ReadonlyMap<string, Mark & { until: number }>;

interface Marked {
  marks: ReadonlyMap<string, Mark>;
  mark: (ids: Iterable<string>, mark: Mark | ((id: string) => Mark)) => void;
  clear: () => void;
}

/** Marks on rows, which fade by themselves. `leave` takes the rows whose time as `gone` is over; false: not now. */
export function useMarks(leave: (ids: ReadonlySet<string>) => boolean): Marked {
  const [marks, setMarks] = useState<Marks>(new Map());

  const mark = useCallback<Marked["mark"]>((ids, given) => {
    const now = Date.now();
    setMarks((before) => {
      const after = new Map(before);
      for (const id of ids) {
        const next = typeof given === "function" ? given(id) : given;
        // A row that just came stays "new" through its next change.
        if (next.is === "changed" && after.get(id)?.is === "new") continue;
        after.set(id, { ...next, until: now + LASTS[next.is] });
      }
      return after;
    });
  }, []);

  const clear = useCallback(() => {
    setMarks((before) => (before.size === 0 ? before : new Map()));
  }, []);

  useEffect(() => {
    if (marks.size === 0) return;
    const timer = setInterval(() => {
      const over = [...marks].filter(([, { until }]) => until <= Date.now());
      if (over.length === 0) return;
      const gone = new Set(over.filter(([, { is }]) => is === "gone").map(([id]) => id));
      const left = gone.size === 0 || leave(gone);
      const faded = over.filter(([id]) => left || !gone.has(id)).map(([id]) => id);
      if (faded.length === 0) return;
      setMarks((before) => new Map([...before].filter(([id]) => !faded.includes(id))));
    }, SWEEP_MS);
    return () => {
      clearInterval(timer);
    };
  }, [marks, leave]);

  return { marks, mark, clear };
}
