import { useSyncExternalStore } from "react";
import { currentSession, onSessionChange, type Session } from "../../api/session";

export function useSession(): Session {
  return useSyncExternalStore(onSessionChange, currentSession);
}
