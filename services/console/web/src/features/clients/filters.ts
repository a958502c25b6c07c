import { useSearchParams } from "react-router";
import type { Rule } from "../../api/labels";

export type Registered = "all" | "yes" | "no";

export interface Filters {
  search: string;
  registered: Registered;
  /** Channels of which any is meant. */
  source: readonly string[];
  /** Ids, of which every one is meant; so with groups and segments. */
  tag: readonly string[];
  /** Ids of tags that nobody may have. */
  not_tag: readonly string[];
  group: readonly string[];
  segment: readonly string[];
}

export const NO_FILTERS: Filters = { search: "", registered: "all", source: [], tag: [], not_tag: [], group: [], segment: [] };

/** Those that hold a list of choices. */
export const LISTED = ["source", "tag", "not_tag", "group", "segment"] as const;
export type Listed = (typeof LISTED)[number];

const MOST = 20;

/** The list's filters, kept in the address in the words of the API: `?search=&registered=yes&source=instagram&tag=tag_1`. */
export function useFilters(): [Filters, (changes: Partial<Filters>) => void] {
  const [params, setParams] = useSearchParams();
  const filters = readFilters(params);
  const change = (changes: Partial<Filters>) => {
    setParams((before) => writeFilters(before, { ...readFilters(before), ...changes }), { replace: true });
  };
  return [filters, change];
}

export function readFilters(params: URLSearchParams): Filters {
  const registered = params.get("registered");
  const listed = Object.fromEntries(LISTED.map((name) => [name, [...new Set(params.getAll(name).filter(Boolean))].sort().slice(0, MOST)]));
  return {
    ...NO_FILTERS,
    ...listed,
    search: params.get("search")?.trim() ?? "",
    registered: registered === "yes" || registered === "no" ? registered : "all",
  };
}

/** The address with these filters; what else it says stays. */
export function writeFilters(before: URLSearchParams, filters: Filters): URLSearchParams {
  const after = new URLSearchParams(before);
  for (const name of ["search", "registered", ...LISTED]) after.delete(name);
  if (filters.search) after.set("search", filters.search);
  if (filters.registered !== "all") after.set("registered", filters.registered);
  for (const name of LISTED) for (const value of filters[name]) after.append(name, value);
  return after;
}

/** What the filters mean to the API. */
export function asQuery({ search, registered, ...listed }: Filters) {
  const asked = Object.fromEntries(Object.entries(listed).filter(([, values]) => values.length > 0)) as Partial<Record<Listed, string[]>>;
  return { ...(search && { search }), ...(registered !== "all" && { registered: registered === "yes" }), ...asked };
}

/** Whether anything but the search narrows the list. */
export function isFiltered({ registered, ...filters }: Filters): boolean {
  return registered !== "all" || LISTED.some((name) => filters[name].length > 0);
}

/** Chat IDs are numbers on most channels: worth passing on to the search by Chat ID. A phone with its plus is not one. */
export function looksLikeChatId(search: string): boolean {
  return /^-?\d{4,}$/.test(search);
}

/** What the filters mean to bulk work and to segments. */
export function asRule(filters: Filters): Rule {
  return asQuery(filters) as Rule;
}
