import { type RefObject, useLayoutEffect, useState } from "react";

/** Up to here every row is in the page: find-in-page works, and it is quick enough. */
const ALL_BELOW = 150;
/** The window moves by this many rows at a time, and has as many to spare at either end. */
const STEP = 16;

export interface Range {
  /** The first row drawn. */
  first: number;
  /** One past the last. */
  end: number;
}

/** Which of `count` rows to draw when the one at the top of the view is `top` and `inView` fit; `keep` is always drawn. */
export function windowOf(count: number, top: number, inView: number, keep: number): Range {
  if (count <= ALL_BELOW) return { first: 0, end: count };
  const first = Math.max(0, top - STEP);
  const end = Math.min(count, top + inView + 2 * STEP);
  return keep < 0 ? { first, end } : { first: Math.min(first, keep), end: Math.max(end, keep + 1) };
}

/** The rows in and around the view of a long list, every row being `height` pixels high. */
export function useWindow(viewport: RefObject<HTMLElement | null>, count: number, height: number, keep: number): Range {
  const [view, setView] = useState({ top: 0, inView: 30 });
  useLayoutEffect(() => {
    const element = viewport.current;
    if (!element) return;
    const look = () => {
      const top = Math.floor(element.scrollTop / height / STEP) * STEP;
      const inView = Math.ceil(element.clientHeight / height);
      setView((before) => (before.top === top && before.inView === inView ? before : { top, inView }));
    };
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, [viewport, height]);
  return windowOf(count, view.top, view.inView, keep);
}
