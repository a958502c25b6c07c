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
  const lastEnd = data?.reduce((last, { ended_at: at }) => (at && at > last ? at : last), "");
  const before = useRef(lastEnd);
  useEffect(() => {
    // Some work is over before it is seen to go on.
    if (before.current !== undefined && before.current !== lastEnd) for (const queryKey of [LABELS_KEY, ["clients"]]) void client.invalidateQueries({ queryKey });
    before.current = lastEnd;
  }, [lastEnd, client]);
  return { jobs, running };
}
