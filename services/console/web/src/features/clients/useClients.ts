import { type InfiniteData, keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { PAGE_SIZE, withTotal } from "../../api/page";
import { useLiveRows } from "../live";
import { asQuery, type Filters } from "./filters";
import { type Client, type ClientsPage, getClients } from "./getClients";
import { getCounts } from "./getCounts";

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
    keyOf: (row) => Date.parse(row.created_at),
    read: (ids) => readChanged(ids, filters),
    isGone: () => false,
    recount: async () => {
      await client.invalidateQueries({ queryKey: COUNTS });
      if (!filters.search) return;
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

/** A changed client is shown as it is now; only the service can say whether a search still finds it. */
async function readChanged(ids: string[], filters: Filters): Promise<{ row: Client; belongs: boolean }[]> {
  const limit = ids.length;
  const [now, found] = await Promise.all([
    getClients({ id: ids, limit }),
    filters.search ? getClients({ ...asQuery(filters), id: ids, limit }) : null,
  ]);
  const matching = found && new Set(found.items.map(({ id }) => id));
  const wanted = asQuery(filters).registered;
  return now.items.map((row) => ({
    row,
    belongs: matching ? matching.has(row.id) : wanted === undefined || row.registered === wanted,
  }));
}
