import { useMemo, useRef } from "react";
import type { LiveRows } from "./marks";

/** For a list that nothing changes while it is looked at, but what is done on its own page. */
export function useStill(): LiveRows {
  const rootRef = useRef<HTMLDivElement>(null);
  const viewportRef = useRef<HTMLDivElement>(null);
  return useMemo(
    () => ({
      marks: new Map(),
      waiting: 0,
      showWaiting: () => undefined,
      surroundings: { props: { onPointerEnter: () => undefined, onPointerLeave: () => undefined }, rootRef, viewportRef },
    }),
    [],
  );
}
