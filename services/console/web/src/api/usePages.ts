import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { type Page, PAGE_SIZE } from "./page";

interface Place {
  limit: number;
  cursor?: string;
}

/** A list, page after page; what was there stays while a changed question is answered. */
export function usePages<Row>(queryKey: readonly unknown[], read: (place: Place, signal: AbortSignal) => Promise<Page<Row>>) {
  return useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => read({ limit: PAGE_SIZE, ...(pageParam && { cursor: pageParam }) }, signal),
    initialPageParam: "",
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
  });
}
