import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { usePages } from "../../api/usePages";
import { getApiKeys } from "./getApiKeys";

const KEYS = "api-keys";

export function useKeys(search: string) {
  return usePages([KEYS, search], (place, signal) => getApiKeys({ ...place, search }, signal));
}

/** Reads the list again, after a key was made or revoked. */
export function useReadAgain() {
  const client = useQueryClient();
  return useCallback(() => client.invalidateQueries({ queryKey: [KEYS] }), [client]);
}
