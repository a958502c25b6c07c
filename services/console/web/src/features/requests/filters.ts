import { useSearchParams } from "react-router";
import type { ContactRequest, RequestsQuery } from "../../api/requests";

export interface Filters {
  search: string;
  queue: string | null;
  status: string | null;
  /** A user's id, `me` or `none`. */
  handler: string | null;
  unseen: boolean;
  /** Days in the user's own time: `2026-11-22`; `to` is the last one shown. */
  from: string | null;
  to: string | null;
  sort: "newest" | "oldest";
}

/** The log's filters, kept in the address. */
export function useFilters(): [Filters, (changes: Partial<Filters>) => void] {
  const [params, setParams] = useSearchParams();
  const change = (changes: Partial<Filters>) => {
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        for (const [name, value] of Object.entries({ ...readFilters(before), ...changes })) {
          if (value === null || value === "" || value === false || value === "newest") after.delete(name);
          else after.set(name, String(value));
        }
        return after;
      },
      { replace: true },
    );
  };
  return [readFilters(params), change];
}

export function readFilters(params: URLSearchParams): Filters {
  const day = (name: string) => (/^\d{4}-\d{2}-\d{2}$/.test(params.get(name) ?? "") ? params.get(name) : null);
  return {
    search: params.get("search")?.trim() ?? "",
    queue: params.get("queue"),
    status: params.get("status"),
    handler: params.get("handler"),
    unseen: params.get("unseen") === "true",
    from: day("from"),
    to: day("to"),
    sort: params.get("sort") === "oldest" ? "oldest" : "newest",
  };
}

export function isFiltered({ sort: _sort, ...filters }: Filters): boolean {
  return Object.values(filters).some((value) => value !== null && value !== "" && value !== false);
}

/** What the filters mean to the API. */
export function asQuery({ search, queue, status, handler, unseen, from, to, sort }: Filters): RequestsQuery {
  return {
    ...(search && { search }),
    ...(queue && { queue_id: queue }),
    ...(status && { status }),
    ...(handler && { handler }),
    ...(unseen && { unseen }),
    ...(from && { from: midnight(from, 0).toISOString() }),
    ...(to && { to: midnight(to, 1).toISOString() }),
    sort,
  };
}

/** Whether an entry belongs in the log as filtered, as the service has it; what a search finds only the service knows. */
export function belongs(request: ContactRequest, filters: Filters, ownId: string | undefined): boolean | "unsure" {
  const { queue, status, handler, unseen, from, to, search } = filters;
  const at = Date.parse(request.at);
  if (queue !== null && request.queue_id !== queue) return false;
  if (status !== null && request.status !== status) return false;
  if (handler === "none" ? request.handler !== null : handler !== null && request.handler?.id !== (handler === "me" ? ownId : handler)) return false;
  if (unseen && request.seen) return false;
  if (from !== null && at < midnight(from, 0).getTime()) return false;
  if (to !== null && at >= midnight(to, 1).getTime()) return false;
  return search === "" ? true : "unsure";
}

/** The beginning of a day in the user's own zone, so many days later. */
function midnight(day: string, later: number): Date {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date + later);
}
