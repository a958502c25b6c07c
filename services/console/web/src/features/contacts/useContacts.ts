import { type InfiniteData, keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { PAGE_SIZE, withTotal } from "../../api/page";
import { useLiveRows } from "../live";
import { type Contact, type ContactsPage, getConnections, getContacts } from "./api";
import { asQuery, belongs, type Filters } from "./filters";

export const LISTS = ["contacts", "list"];

/** The list as filtered, page after page, and its live changes. */
export function useContacts(filters: Filters) {
  const client = useQueryClient();
  const queryKey = [...LISTS, filters];
  const list = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => getContacts({ ...asQuery(filters), limit: PAGE_SIZE, ...(pageParam && { cursor: pageParam }) }, signal),
    initialPageParam: "",
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
  });
  const live = useLiveRows<Contact>({
    kind: "chat-contact",
    queryKey,
    // What is found comes in the order of what matched: there a newcomer goes on top.
    keyOf: (contact) => (filters.search ? 0 : Date.parse(contact.last_message?.at ?? contact.created_at)),
    read: async (ids) => {
      const { items } = await getContacts({ id: ids, limit: ids.length });
      return items.map((row) => ({ row, belongs: belongs(row, filters) }));
    },
    isGone: () => false,
    recount: async () => {
      const counted = await getContacts({ ...asQuery(filters), limit: 1 });
      client.setQueryData<InfiniteData<ContactsPage>>(queryKey, (data) => data && withTotal(data, counted));
    },
  });
  const first = list.data?.pages[0];
  return { list, live, total: { count: first?.total ?? 0, exact: first?.total_is_exact ?? true } };
}

/** Where people may be found: the workspace's connections. */
export function useConnections() {
  return useQuery({ queryKey: ["connections"], queryFn: ({ signal }) => getConnections(signal), staleTime: 60_000 });
}
