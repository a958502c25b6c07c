import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asProblem, type Problem } from "../../api/problem";
import { type ContactRequest, REQUESTS_KEY } from "../../api/requests";
import { renewed } from "../live";
import { LISTS } from "./useRequests";

/** Does something with one entry; what it is then is shown at once, also where somebody else was faster. */
export function useAct<Wanted>(id: string, act: (wanted: Wanted) => Promise<ContactRequest>, onDone?: () => void) {
  const client = useQueryClient();
  const [problem, setProblem] = useState<Problem | null>(null);
  const show = (fresh: ContactRequest) => {
    client.setQueryData([...REQUESTS_KEY, "one", id], fresh);
    client.setQueriesData<Parameters<typeof renewed<ContactRequest, never>>[0]>({ queryKey: LISTS }, (data) => data && renewed(data, [fresh] as never));
    void client.invalidateQueries({ queryKey: [...REQUESTS_KEY, "history", id] });
  };
  const acting = useMutation({
    mutationFn: act,
    onMutate: () => {
      setProblem(null);
    },
    onSuccess: (fresh) => {
      show(fresh);
      onDone?.();
    },
    onError: (error) => {
      const found = asProblem(error);
      setProblem(found);
      const { newer } = found.more;
      if (typeof newer === "object" && newer !== null) show(newer as ContactRequest);
    },
  });
  return { act: acting.mutate, pending: acting.isPending, wanted: acting.isPending ? acting.variables : undefined, problem };
}
