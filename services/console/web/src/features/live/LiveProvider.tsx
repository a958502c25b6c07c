import { createContext, type ReactNode, use, useEffect, useRef, useState } from "react";
import { useSession } from "../session";
import type { LineStatus } from "./line";
import type { LiveEvent } from "./protocol";
import { SharedLine } from "./sharedLine";

interface Live {
  status: LineStatus;
  /** Hears every event of the line until the returned function is called. */
  hear: (listener: (event: LiveEvent) => void) => () => void;
  dismiss: () => void;
  /** Whether this tab is the one of the user's that has the line: what is to happen once happens here. */
  leads: () => boolean;
}

const Context = createContext<Live | null>(null);

/** One line to the live stream for all tabs of a user, while somebody is signed in. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const [status, setStatus] = useState<LineStatus>({ state: "connecting" });
  const { user } = useSession();
  const shared = useRef<SharedLine | null>(null);
  const listeners = useRef(new Set<(event: LiveEvent) => void>());

  const userId = user?.id;
  useEffect(() => {
    const onEvent = (event: LiveEvent) => {
      for (const listener of listeners.current) listener(event);
    };
    const line = new SharedLine({ onEvent, onStatus: setStatus }, `kith.live.${userId ?? ""}`);
    shared.current = line;
    const hurry = () => {
      if (document.visibilityState === "visible") line.hurry();
    };
    line.open();
    window.addEventListener("online", hurry);
    document.addEventListener("visibilitychange", hurry);
    return () => {
      line.close();
      window.removeEventListener("online", hurry);
      document.removeEventListener("visibilitychange", hurry);
    };
  }, [userId]);

  const [hear] = useState(() => (listener: (event: LiveEvent) => void) => {
    listeners.current.add(listener);
    return () => {
      listeners.current.delete(listener);
    };
  });
  const [dismiss] = useState(() => () => {
    setStatus({ state: "live" });
  });

  const [leads] = useState(() => () => shared.current?.leads ?? false);

  return <Context value={{ status, hear, dismiss, leads }}>{children}</Context>;
}

export function useLive(): Live {
  const live = use(Context);
  if (!live) throw new Error("useLive needs a LiveProvider above it");
  return live;
}
