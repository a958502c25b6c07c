import { useMutation, useQueryClient } from "@tanstack/react-query";
import { asProblem } from "../../api/problem";

/** Does something with a definition; the list is read again, whatever came of it. */
export function useSaving<Wanted, Kept>(work: (wanted: Wanted) => Promise<Kept>, onDone: () => void) {
  const cache = useQueryClient();
  const saving = useMutation({
    mutationFn: work,
    onSuccess: onDone,
    onSettled: async () => {
      await cache.invalidateQueries({ queryKey: ["definitions"] });
      void cache.invalidateQueries({ queryKey: ["clients", "card"] });
    },
  });
  const problem = saving.error ? asProblem(saving.error) : null;
  return {
    save: saving.mutate,
    pending: saving.isPending,
    problem,
    wrong: (place: string) => problem?.fields.find(({ field }) => field === place)?.message,
    reset: saving.reset,
  };
}
