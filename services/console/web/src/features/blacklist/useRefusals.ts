import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { usePages } from "../../api/usePages";
import { getRefusals, type What } from "./getRefusals";

const KEY = "refusals";

/** The list, or the one email or phone that is looked for. */
export function useRefusals(search: string, what: What | null) {
  const sought = search === "" ? {} : search.includes("@") ? { email: search } : { phone: search };
  return usePages([KEY, search, what], (place, signal) => getRefusals(search === "" ? { ...place, ...(what && { what }) } : sought, signal));
}

/** Reads the list again, after something was refused or lifted. */
export function useReadAgain() {
  const client = useQueryClient();
  return useCallback(() => client.invalidateQueries({ queryKey: [KEY] }), [client]);
}
