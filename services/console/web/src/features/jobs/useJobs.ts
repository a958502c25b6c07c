import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { getJobs, isOpen, JOBS_KEY } from "../../api/jobs";
import { LABELS_KEY } from "../../api/labels";

const EVERY_MS = 1_000;

/** The user's long work; looked at once a second while some of it goes on. What it changed is read again at its end. */
export function useJobs() {
  const client = useQueryClient();
  const { data } = useQuery({
    queryKey: JOBS_KEY,
    queryFn: ({ signal }) => getJobs(signal),
    refetchInterval: ({ state }) => ((state.data ?? []).some(isOpen) ? EVERY_MS : false),
  });
  const jobs = data ?? [];
  const running = jobs.filter(isOpen).length;
  const before = useRef(0);
  useEffect(() => {
    if (running < before.current) for (const queryKey of [LABELS_KEY, ["clients"]]) void client.invalidateQueries({ queryKey });
    before.current = running;
  }, [running, client]);
  return { jobs, running };
}
