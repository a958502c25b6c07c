import { useEffect, useState } from "react";
import { useNavigate } from "react-router";

interface Leaving {
  /** Whether somebody followed a link while something is not saved. */
  asked: boolean;
  leave: () => void;
  stay: () => void;
}

/** Holds back whoever follows a link, or closes the page, while something is not saved. */
export function useLeaving(unsaved: boolean): Leaving {
  const go = useNavigate();
  const [to, setTo] = useState<string | null>(null);
  useEffect(() => {
    if (!unsaved) return;
    const close = (event: BeforeUnloadEvent) => {
      event.preventDefault();
    };
    const follow = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
      if (!(link instanceof HTMLAnchorElement) || !leads(link) || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      setTo(`${link.pathname}${link.search}${link.hash}`);
    };
    window.addEventListener("beforeunload", close);
    // Before the link's own: what leads within the console is not seen by `beforeunload`.
    document.addEventListener("click", follow, { capture: true });
    return () => {
      window.removeEventListener("beforeunload", close);
      document.removeEventListener("click", follow, { capture: true });
    };
  }, [unsaved]);
  return {
    asked: unsaved && to !== null,
    leave: () => {
      if (to !== null) void go(to);
    },
    stay: () => {
      setTo(null);
    },
  };
}

/** Whether a link leads away from this page within this tab. */
function leads({ target, origin, pathname, hash }: HTMLAnchorElement): boolean {
  if (target && target !== "_self") return false;
  return origin === window.location.origin && !(pathname === window.location.pathname && hash !== "");
}
