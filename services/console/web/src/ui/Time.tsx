import { useSyncExternalStore } from "react";
import { useSpeech } from "../words";
import { exactTime, relativeTime, soonTime } from "./times";

/** One clock for every time on the page. */
const TICK_MS = 15_000;
let now = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    now = Date.now();
    timer = setInterval(() => {
      now = Date.now();
      for (const tell of listeners) tell();
    }, TICK_MS);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) clearInterval(timer);
  };
}

/**
 * A moment, as long ago, with `ahead` as far ahead, or with `soon` as its weekday and hour; the exact time in the reader's zone is in its tooltip. Without
 * `ahead` a moment that a clock of ours puts into the future is now.
 */
export function Time({ at, ahead = false, soon = false }: { at: string; ahead?: boolean; soon?: boolean }) {
  const { words, locale } = useSpeech();
  const said = useSyncExternalStore(subscribe, () =>
    soon ? soonTime(at, now, locale) : relativeTime(at, ahead ? now : Math.max(now, Date.parse(at)), locale, words.time.now),
  );
  const exact = exactTime(at, locale);
  return (
    <time dateTime={at} data-tip={exact} aria-label={`${said}, ${exact}`} role="text">
      {said}
    </time>
  );
}
