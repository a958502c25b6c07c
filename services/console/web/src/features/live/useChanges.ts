import { useEffect, useEffectEvent } from "react";
import { Gatherer } from "./gather";
import { useLive } from "./LiveProvider";
import type { Change, Kind } from "./protocol";

const GATHER_MS = 250;
const COUNT_MS = 1_000;

interface Hearing {
  /** Changes of the kind, gathered; the next ones wait until these are done with. */
  apply: (changes: Change[]) => Promise<void>;
  /** Something may have been missed, or could not be read: the list is to be read again. */
  readAgain: () => Promise<void>;
  /** Something changed; at most once a second. */
  count: () => void;
}

/** Hears the changes of one kind for as long as the component is there. */
export function useChanges(kind: Kind, hearing: Hearing): void {
  const { hear } = useLive();
  const apply = useEffectEvent(hearing.apply);
  const readAgain = useEffectEvent(hearing.readAgain);
  const count = useEffectEvent(hearing.count);

  useEffect(() => {
    let last = Promise.resolve();
    const changes = new Gatherer<Change>((gathered) => {
      last = last.then(() => apply(gathered)).catch(() => readAgain());
    }, GATHER_MS);
    const counts = new Gatherer<null>(() => {
      count();
    }, COUNT_MS);
    const stop = hear((event) => {
      if (event.type === "reset") void readAgain();
      if (event.type !== "change" || event.change.kind !== kind) return;
      changes.add(event.change);
      counts.add(null);
    });
    return () => {
      stop();
      changes.stop();
      counts.stop();
    };
  }, [hear, kind]);
}
