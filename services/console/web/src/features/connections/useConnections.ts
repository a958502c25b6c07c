import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { usePages } from "../../api/usePages";
import { getConnection } from "./getConnection";
import { getConnections } from "./getConnections";
import { getToPaste } from "./getToPaste";

const CONNECTIONS = "connections";

/** All of them: the service answers them on one page. */
export function useConnections() {
  return usePages([CONNECTIONS, "all"], (_place, signal) => getConnections(signal));
}

export function useConnection(id: string) {
  return useQuery({ queryKey: [CONNECTIONS, "one", id], queryFn: ({ signal }) => getConnection(id, signal) });
}

export function useToPaste(id: string) {
  return useQuery({ queryKey: [CONNECTIONS, "to-paste", id], queryFn: ({ signal }) => getToPaste(id, signal) });
}

/** Reads what is shown of connections again, after one was added, changed or checked. */
export function useReadAgain() {
  const client = useQueryClient();
  return useCallback(() => client.invalidateQueries({ queryKey: [CONNECTIONS] }), [client]);
}
