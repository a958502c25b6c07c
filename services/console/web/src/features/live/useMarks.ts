import { useCallback, useEffect, useEffectEvent, useState } from "react";
import type { Mark } from "../../ui/marks";

/** How long a mark stays, in milliseconds. A row that is gone leaves when its time is over and nobody is busy there. */
const LASTS: Record<Mark["is"], number> = { new: 10_000, changed: 2_500, gone: 6_000 };
const SWEEP_MS = 500;

type Marks = ReadonlyMap<string, Mark & { until: number }>;

interface Marked {
  marks: ReadonlyMap<string, Mark>;
  mark: (ids: Iterable<string>, how: (id: string) => Mark) => void;
  clear: () => void;
}

/** Marks on rows, which fade by themselves. `onLeave` takes the rows whose time as `gone` is over; false: not now. */
export function useMarks(onLeave: (ids: ReadonlySet<string>) => boolean): Marked {
  const [marks, setMarks] = useState<Marks>(new Map());
  const leave = useEffectEvent(onLeave);

  const mark = useCallback<Marked["mark"]>((ids, how) => {
    const until = Date.now();
    const marked = [...ids].map((id) => [id, how(id)] as const);
    if (marked.length === 0) return;
    setMarks((before) => {
      const after = new Map(before);
      for (const [id, next] of marked) {
        // A row that just came stays "new" through its next change.
        if (next.is === "changed" && after.get(id)?.is === "new") continue;
        after.set(id, { ...next, until: until + LASTS[next.is] });
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
      const gone = new Set(over.filter(([, { is }]) => is === "gone").map(([id]) => id));
      const stay = gone.size > 0 && !leave(gone);
      const faded = new Set(over.map(([id]) => id).filter((id) => !stay || !gone.has(id)));
      if (faded.size > 0) setMarks((before) => new Map([...before].filter(([id]) => !faded.has(id))));
    }, SWEEP_MS);
    return () => {
      clearInterval(timer);
    };
  }, [marks]);

  return { marks, mark, clear };
}
