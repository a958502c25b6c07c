import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { PAGE_SIZE } from "../../api/page";
import { useLiveRows } from "../live";
import { getVisitors, type Visitor } from "./getVisitors";

const TOTAL = ["visitors", "total"];

/** The list, newest last message first, and its live changes. */
export function useVisitors(search: string) {
  const queryKey = ["visitors", "list", search];
  const asked = search && { search };
  const list = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => getVisitors({ ...asked, limit: PAGE_SIZE, ...(pageParam && { cursor: pageParam }) }, signal),
    initialPageParam: "",
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
  });
  const live = useLiveRows<Visitor>({
    kind: "chat-contact",
    queryKey,
    keyOf: (visitor) => visitor.last_message?.at ?? visitor.created_at,
    read: async (ids) => {
      const { items } = await getVisitors({ id: ids, limit: ids.length });
      return items.map((row) => ({ row, belongs: row.contact_id.startsWith(search) }));
    },
    isGone: (change) => change.client_id !== null,
    counts: TOTAL,
  });
  const first = list.data?.pages[0];
  // Counted again after a live change, without reading the pages again.
  const counted = useQuery({
    queryKey: [...TOTAL, search],
    queryFn: ({ signal }) => getVisitors({ ...asked, limit: 1 }, signal),
    enabled: false,
  }).data;
  const total = counted ?? first;
  return { list, live, total: { count: total?.total ?? 0, exact: total?.total_is_exact ?? true } };
}
