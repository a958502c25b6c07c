import { useEffect, useState } from "react";
import classes from "./Tips.module.css";

interface Tip {
  text: string;
  top: number;
  left: number;
  above: boolean;
}

const DELAY_MS = 250;

/**
 * One tooltip for every element with `data-tip`: its value, or, where it is empty, the element's own text when
 * that is cut. One for all, because a thousand rows with a tooltip component each are slow.
 */
export function Tips() {
  const [tip, setTip] = useState<Tip | null>(null);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const hide = () => {
      clearTimeout(timer);
      setTip(null);
    };
    const over = (event: Event) => {
      hide();
      const element = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-tip]") : null;
      const text = element && textOf(element);
      if (!element || !text) return;
      timer = setTimeout(() => {
        if (element.isConnected) setTip(placed(element, text));
      }, DELAY_MS);
    };
    const key = (event: KeyboardEvent) => {
      if (event.key === "Escape") hide();
    };
    document.addEventListener("pointerover", over);
    document.addEventListener("focusin", over);
    document.addEventListener("scroll", hide, { capture: true, passive: true });
    document.addEventListener("pointerdown", hide);
    document.addEventListener("keydown", key);
    return () => {
      hide();
      document.removeEventListener("pointerover", over);
      document.removeEventListener("focusin", over);
      document.removeEventListener("scroll", hide, { capture: true });
      document.removeEventListener("pointerdown", hide);
      document.removeEventListener("keydown", key);
    };
  }, []);

  if (!tip) return null;
  return (
    <div role="tooltip" dir="auto" className={classes.tip} data-above={tip.above || undefined} style={{ top: tip.top, left: tip.left }}>
      {tip.text}
    </div>
  );
}

function textOf(element: HTMLElement): string | null {
  if (element.dataset.tip) return element.dataset.tip;
  return element.scrollWidth > element.clientWidth ? element.textContent : null;
}

function placed(element: HTMLElement, text: string): Tip {
  const box = element.getBoundingClientRect();
  const above = box.bottom > window.innerHeight * 0.7;
  const left = Math.min(Math.max(8, box.left), Math.max(8, window.innerWidth - 436));
  return { text, left, top: above ? box.top - 6 : box.bottom + 6, above };
}
