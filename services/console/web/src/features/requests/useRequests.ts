import { type InfiniteData, keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { PAGE_SIZE, withTotal } from "../../api/page";
import { type ContactRequest, getRequests, REQUESTS_KEY, type RequestsPage } from "../../api/requests";
import { useLiveChange, useLiveRows } from "../live";
import { useSession } from "../session";
import { getHistory, getMembers, getRequest, getStatuses } from "./api";
import { asQuery, belongs, type Filters } from "./filters";

export const LISTS = [...REQUESTS_KEY, "list"];

/** The log as filtered, page after page, and its live changes. */
export function useRequests(filters: Filters) {
  const client = useQueryClient();
  const { user } = useSession();
  const queryKey = [...LISTS, filters];
  const list = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => getRequests({ ...asQuery(filters), limit: PAGE_SIZE, ...(pageParam && { cursor: pageParam }) }, signal),
    initialPageParam: "",
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
  });
  const live = useLiveRows<ContactRequest>({
    kind: "request",
    queryKey,
    keyOf: ({ at }) => (filters.sort === "oldest" ? -1 : 1) * Date.parse(at),
    read: async (ids) => {
      const { items } = await getRequests({ id: ids, limit: ids.length });
      return items.map((row) => ({ row, belongs: belongs(row, filters, user?.id) }));
    },
    isGone: () => false,
    recount: async () => {
      const counted = await getRequests({ ...asQuery(filters), limit: 1 });
      client.setQueryData<InfiniteData<RequestsPage>>(queryKey, (data) => data && withTotal(data, counted));
    },
  });
  const first = list.data?.pages[0];
  return { list, live, total: { count: first?.total ?? 0, exact: first?.total_is_exact ?? true } };
}

/** One entry, kept as fresh as the live line allows. */
export function useRequest(id: string) {
  const request = useQuery({ queryKey: [...REQUESTS_KEY, "one", id], queryFn: ({ signal }) => getRequest(id, signal) });
  useLiveChange("request", id, () => void request.refetch());
  return request;
}

export function useHistory(id: string) {
  const history = useQuery({ queryKey: [...REQUESTS_KEY, "history", id], queryFn: ({ signal }) => getHistory(id, signal) });
  useLiveChange("request", id, () => void history.refetch());
  return history;
}

export function useStatuses() {
  return useQuery({ queryKey: [...REQUESTS_KEY, "statuses"], queryFn: ({ signal }) => getStatuses(signal), staleTime: 60_000 });
}

export function useMembers(queueId: string) {
  return useQuery({ queryKey: [...REQUESTS_KEY, "members", queueId], queryFn: ({ signal }) => getMembers(queueId, signal) });
}
