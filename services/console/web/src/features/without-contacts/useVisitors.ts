import { type InfiniteData, keepPreviousData, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { PAGE_SIZE, withTotal } from "../../api/page";
import { useLiveRows } from "../live";
import { getVisitors, type Visitor, type VisitorsPage } from "./getVisitors";

/** The list, newest last message first, and its live changes. */
export function useVisitors(search: string) {
  const client = useQueryClient();
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
    // What is found comes in the order of the Chat IDs: there a newcomer goes on top.
    keyOf: (visitor) => search ? 0 : Date.parse(visitor.last_message?.at ?? visitor.created_at),
    read: async (ids) => {
      const { items } = await getVisitors({ id: ids, limit: ids.length });
      return items.map((row) => ({ row, belongs: row.contact_id.startsWith(search) }));
    },
    isGone: (change) => change.client_id !== null,
    recount: async () => {
      const counted = await getVisitors({ ...asked, limit: 1 });
      client.setQueryData<InfiniteData<VisitorsPage>>(queryKey, (data) => data && withTotal(data, counted));
    },
  });
  const first = list.data?.pages[0];
  return { list, live, total: { count: first?.total ?? 0, exact: first?.total_is_exact ?? true } };
}
