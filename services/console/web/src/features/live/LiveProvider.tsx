import { createContext, type ReactNode, use, useEffect, useRef, useState } from "react";
import { Line, type LineStatus } from "./line";
import type { LiveEvent } from "./protocol";

interface Live {
  status: LineStatus;
  /** Hears every event of the line until the returned function is called. */
  hear: (listener: (event: LiveEvent) => void) => () => void;
  dismiss: () => void;
}

const Context = createContext<Live | null>(null);

/** One line to the live stream for the whole tab, while somebody is signed in. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const [status, setStatus] = useState<LineStatus>({ state: "connecting" });
  const listeners = useRef(new Set<(event: LiveEvent) => void>());

  useEffect(() => {
    const line = new Line({
      onEvent: (event) => {
        for (const listener of listeners.current) listener(event);
      },
      onStatus: setStatus,
    });
    const hurry = () => {
      if (document.visibilityState === "visible") line.hurry();
    };
    void line.open();
    window.addEventListener("online", hurry);
    document.addEventListener("visibilitychange", hurry);
    return () => {
      line.close();
      window.removeEventListener("online", hurry);
      document.removeEventListener("visibilitychange", hurry);
    };
  }, []);

  const [hear] = useState(() => (listener: (event: LiveEvent) => void) => {
    listeners.current.add(listener);
    return () => {
      listeners.current.delete(listener);
    };
  });
  const [dismiss] = useState(() => () => {
    setStatus({ state: "live" });
  });

  return <Context value={{ status, hear, dismiss }}>{children}</Context>;
}

export function useLive(): Live {
  const live = use(Context);
  if (!live) throw new Error("useLive needs a LiveProvider above it");
  return live;
}
