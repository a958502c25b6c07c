import { useSearchParams } from "react-router";

export type Registered = "all" | "yes" | "no";

export interface Filters {
  search: string;
  registered: Registered;
}

/** The list's filters, kept in the address: `?search=` and `?registered=yes|no`. */
export function useFilters(): [Filters, (changes: Partial<Filters>) => void] {
  const [params, setParams] = useSearchParams();
  const filters = readFilters(params);
  const change = (changes: Partial<Filters>) => {
    setParams(
      (before) => {
        const next = { ...readFilters(before), ...changes };
        const after = new URLSearchParams(before);
        set(after, "search", next.search);
        set(after, "registered", next.registered === "all" ? "" : next.registered);
        return after;
      },
      { replace: true },
    );
  };
  return [filters, change];
}

export function readFilters(params: URLSearchParams): Filters {
  const registered = params.get("registered");
  return { search: params.get("search")?.trim() ?? "", registered: registered === "yes" || registered === "no" ? registered : "all" };
}

function set(params: URLSearchParams, name: string, value: string): void {
  if (value) params.set(name, value);
  else params.delete(name);
}

/** What the filters mean to the API. */
export function asQuery({ search, registered }: Filters): { search?: string; registered?: boolean } {
  return { ...(search && { search }), ...(registered !== "all" && { registered: registered === "yes" }) };
}

/** Chat IDs are numbers on most channels: worth passing on to the search by Chat ID. A phone with its plus is not one. */
export function looksLikeChatId(search: string): boolean {
  return /^-?\d{4,}$/.test(search);
}
