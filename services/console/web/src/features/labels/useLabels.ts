import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { JOBS_KEY } from "../../api/jobs";
import { getLabel, type Label, type LabelKind, LABELS_KEY } from "../../api/labels";

/** One label, with exactly how many people have it; what the list knows of it is shown until that is here. */
export function useLabel(kind: LabelKind, listed: Label) {
  return useQuery({
    queryKey: [...LABELS_KEY, kind, "one", listed.id],
    queryFn: ({ signal }) => getLabel(kind, listed.id, signal),
    placeholderData: listed,
  });
}

/** Reads labels again, and the long work that some changes are. */
export function useReadAgain() {
  const client = useQueryClient();
  return useCallback(async () => {
    await Promise.all([LABELS_KEY, JOBS_KEY, ["clients"]].map((queryKey) => client.invalidateQueries({ queryKey })));
  }, [client]);
}
