import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { act, checkImport, type Check, getFields, getImport, type Import, IMPORTS_KEY } from "./api";

const LOOK_MS = 700;
const working = (one: Import | undefined) => one !== undefined && ["checking", "running", "undoing"].includes(one.status);

/** An import; as long as it is worked on, it is looked at again and again. */
export function useImport(id: string) {
  const client = useQueryClient();
  const found = useQuery({
    queryKey: [...IMPORTS_KEY, "one", id],
    queryFn: ({ signal }) => getImport(id, signal),
    refetchInterval: ({ state }) => (working(state.data) ? LOOK_MS : false),
  });
  const status = found.data?.status;
  useEffect(() => {
    // What is wrong and who is there are others after each step.
    void client.invalidateQueries({ queryKey: [...IMPORTS_KEY, "list"] });
    void client.invalidateQueries({ queryKey: [...IMPORTS_KEY, "faults", id] });
    if (status === "done" || status === "undone") void client.invalidateQueries({ queryKey: ["clients"] });
  }, [client, id, status]);
  return found;
}

/** Something to do with an import; what comes of it is shown at once. */
export function useAct(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (what: { check: Check } | "run" | "cancel" | "undo") => (typeof what === "string" ? act(id, what) : checkImport(id, what.check)),
    onSuccess: (one) => {
      client.setQueryData([...IMPORTS_KEY, "one", id], one);
    },
    onError: () => void client.invalidateQueries({ queryKey: [...IMPORTS_KEY, "one", id] }),
  });
}

export function useFields() {
  return useQuery({ queryKey: [...IMPORTS_KEY, "fields"], queryFn: ({ signal }) => getFields(signal), staleTime: 60_000 });
}
