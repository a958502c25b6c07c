import { useEffect, useEffectEvent } from "react";
import { useLive } from "./LiveProvider";
import type { Kind } from "./protocol";

/** Calls `onChange` when the one thing shown changed (null: any of its kind), or when changes may have been missed. */
export function useLiveChange(kind: Kind, id: string | null, onChange: () => void): void {
  const { hear } = useLive();
  const react = useEffectEvent(onChange);
  useEffect(
    () =>
      hear((event) => {
        if (event.type === "reset" || (event.type === "change" && event.change.kind === kind && (id === null || event.change.id === id))) react();
      }),
    [hear, kind, id],
  );
}
