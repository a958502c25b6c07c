import { useSearchParams } from "react-router";
import { folded, wordsOf } from "../../ui/folded";
import type { Contact } from "./api";

const CHANNELS = ["telegram", "whatsapp", "messenger", "instagram", "widget", "custom"] as const;

export interface Filters {
  search: string;
  channel: Contact["channel"] | null;
  proactive: boolean | null;
  reactive: boolean | null;
}

/** The list's filters, kept in the address: `?search=`, `?channel=`, `?proactive=` and `?reactive=true|false`. */
export function useFilters(): [Filters, (changes: Partial<Filters>) => void] {
  const [params, setParams] = useSearchParams();
  const change = (changes: Partial<Filters>) => {
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        for (const [name, value] of Object.entries({ ...readFilters(before), ...changes })) {
          if (value === null || value === "") after.delete(name);
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
  return {
    search: params.get("search")?.trim() ?? "",
    channel: CHANNELS.find((channel) => channel === params.get("channel")) ?? null,
    proactive: yesOrNo(params.get("proactive")),
    reactive: yesOrNo(params.get("reactive")),
  };
}

function yesOrNo(text: string | null): boolean | null {
  return text === "true" ? true : text === "false" ? false : null;
}

/** What the filters mean to the API. */
export function asQuery({ search, channel, proactive, reactive }: Filters) {
  return { ...(search && { search }), ...(channel && { channel }), ...(proactive !== null && { proactive }), ...(reactive !== null && { reactive }) };
}

/** Whether a contact belongs in the list as filtered, as the service has it. */
export function belongs(contact: Contact, { search, channel, proactive, reactive }: Filters): boolean {
  if (channel !== null && contact.channel !== channel) return false;
  if (proactive !== null && contact.proactive !== proactive) return false;
  if (reactive !== null && contact.reactive !== reactive) return false;
  return search === "" || isFound(contact, search);
}

function isFound({ name, contact_id }: Contact, search: string): boolean {
  const bare = folded(search).replace(/^\++/, "");
  const wanted = /^\+?\d[\d\s().\-/]*$/.test(search) && search.includes(" ") ? search.replace(/\D/g, "") : bare;
  const id = folded(contact_id).replace(/^\++/, "");
  if (wanted !== "" && id.startsWith(wanted)) return true;
  const words = wordsOf(search);
  const own = [...wordsOf(name ?? ""), id];
  return words.length > 0 && words.every((word) => own.some((part) => part.startsWith(word)));
}
