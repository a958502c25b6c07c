import { useEffect, useEffectEvent } from "react";

/** The keys that work everywhere: `/` goes to the page's search, `?` shows the shortcuts. */
export function useKeys(onHelp: () => void): void {
  const help = useEffectEvent(onHelp);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector("[aria-modal]")) return;
      if (event.key === "?") {
        event.preventDefault();
        help();
      }
      const search = event.key === "/" ? document.querySelector<HTMLInputElement>("input[data-search]") : null;
      if (!search) return;
      event.preventDefault();
      search.focus();
      search.select();
    };
    document.addEventListener("keydown", press);
    return () => {
      document.removeEventListener("keydown", press);
    };
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");
}
