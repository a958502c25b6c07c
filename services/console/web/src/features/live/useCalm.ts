import { useMemo, useRef } from "react";
import type { Surroundings } from "../../ui/marks";
import type { Calm } from "./rows";

export interface CalmTable {
  surroundings: Surroundings;
  now: () => Calm;
}

/** Knows whether somebody is busy with a table, so that nothing moves under their hands. */
export function useCalm(): CalmTable {
  const rootRef = useRef<HTMLDivElement>(null);
  const viewportRef = useRef<HTMLDivElement>(null);
  const hovered = useRef(false);
  return useMemo(
    () => ({
      surroundings: {
        rootRef,
        viewportRef,
        props: {
          onPointerEnter: () => {
            hovered.current = true;
          },
          onPointerLeave: () => {
            hovered.current = false;
          },
        },
      },
      now: () => ({
        atTop: (viewportRef.current?.scrollTop ?? 0) < 8,
        inUse: hovered.current || (rootRef.current?.contains(document.activeElement) ?? false),
      }),
    }),
    [],
  );
}
