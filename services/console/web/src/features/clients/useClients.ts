import { type InfiniteData, keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { PAGE_SIZE, withTotal } from "../../api/page";
import { type Read, useLiveRows } from "../live";
import { asQuery, type Filters, isFiltered } from "./filters";
import { type Client, type ClientsPage, getClients } from "./getClients";
import { getCounts } from "./getCounts";
import { isMeant, plainlyMatches } from "./matches";

const COUNTS = ["clients", "counts"];

/** The list as filtered, page after page, and its live changes. */
export function useClients(filters: Filters) {
  const client = useQueryClient();
  const queryKey = ["clients", "list", filters];
  const list = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => getClients({ ...asQuery(filters), limit: PAGE_SIZE, ...(pageParam && { cursor: pageParam }) }, signal),
    initialPageParam: "",
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
  });
  const live = useLiveRows<Client>({
    kind: "client",
    queryKey,
    // What is found comes in the order of what matched: there a newcomer goes on top.
    keyOf: (row) => (filters.search ? 0 : Date.parse(row.created_at)),
    read: (ids) => readChanged(ids, filters),
    isGone: () => false,
    recount: async () => {
      await client.invalidateQueries({ queryKey: COUNTS });
      if (!filters.search && !isFiltered(filters)) return;
      const counted = await getClients({ ...asQuery(filters), limit: 1 });
      client.setQueryData<InfiniteData<ClientsPage>>(queryKey, (data) => data && withTotal(data, counted));
    },
  });
  return { list, live };
}

/** Counts are exact and of all clients, whatever is searched for. */
export function useCounts() {
  return useQuery({ queryKey: COUNTS, queryFn: ({ signal }) => getCounts(signal) });
}

/** A changed client is shown as it is now. Asked for by id nothing is filtered, so that is judged here. */
async function readChanged(ids: string[], filters: Filters): Promise<Read<Client>[]> {
  const [{ items }, inSegment] = await Promise.all([getClients({ id: ids, limit: ids.length }), whoIsInSegment(ids, filters)]);
  return items.map((row) => ({ row, belongs: inSegment.has(row.id) && belongs(row, filters) }));
}

/** Who is in a segment by rule is known to the service alone. */
async function whoIsInSegment(ids: string[], { segment }: Filters): Promise<ReadonlySet<string>> {
  if (segment.length === 0) return new Set(ids);
  const { items } = await getClients({ id: ids, limit: ids.length, segment: [...segment] });
  return new Set(items.map(({ id }) => id));
}

function belongs(client: Client, filters: Filters): Read<Client>["belongs"] {
  if (!isMeant(client, filters)) return false;
  return !filters.search || plainlyMatches(client, filters.search) || "unsure";
}
