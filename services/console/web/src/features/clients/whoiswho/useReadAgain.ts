import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";

/** Reads the client, its lists, and who it may be, again. */
export function useReadAgain() {
  const client = useQueryClient();
  return useCallback(() => client.invalidateQueries({ queryKey: ["clients"] }), [client]);
}
