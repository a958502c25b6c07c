import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { QUEUES_KEY } from "../../api/queues";
import { useLiveChange } from "../live";
import { getConnections, getMembers, getPeople, getQueue } from "./api";

export function useQueue(id: string) {
  return useQuery({ queryKey: [...QUEUES_KEY, "one", id], queryFn: ({ signal }) => getQueue(id, signal) });
}

export function usePeople() {
  return useQuery({ queryKey: [...QUEUES_KEY, "people"], queryFn: ({ signal }) => getPeople(signal), staleTime: 60_000 });
}

export function useConnections() {
  return useQuery({ queryKey: [...QUEUES_KEY, "connections"], queryFn: ({ signal }) => getConnections(signal), staleTime: 60_000 });
}

export function useMembers(id: string) {
  return useQuery({ queryKey: [...QUEUES_KEY, "members", id], queryFn: ({ signal }) => getMembers(id, signal), staleTime: 10_000 });
}

/** Reads what is shown of queues again, after one was added, changed or switched. */
export function useReadAgain() {
  const client = useQueryClient();
  return useCallback(() => client.invalidateQueries({ queryKey: QUEUES_KEY }), [client]);
}

/** Keeps what is shown of queues in step with what others do to them. */
export function useQueueChanges(id: string | null) {
  const readAgain = useReadAgain();
  useLiveChange("queue", id, () => void readAgain());
}
