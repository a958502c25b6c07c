/** What the site's queue says (`GET /widget/<key>/state`), and how the visitor is told it, by their own clock. */
import { fillAll, type Words } from "./words";

export type FieldKind = "name" | "email" | "phone" | "text" | "choice" | "consent";

export interface Field {
  id: string;
  kind: FieldKind;
  label: string;
  required: boolean;
  several: boolean;
  choices: { id: string; label: string }[];
}

export interface Form {
  title: string;
  fields: Field[];
  thanks: string;
}

export interface Way {
  kind: "phone" | "email" | "link";
  label: string;
  value: string;
}

export interface Queue {
  is_open: boolean;
  until: string | null;
  spans: { opens: string; closes: string }[];
  time_zone: string;
  when_closed: "message" | "form" | "bot";
  offline: string;
  other_ways: Way[];
  form: Form | null;
}

const DAY = 86_400_000;

/** One sentence: whether it is open, and until when, by the visitor's clock. */
export function sentence(queue: Queue, words: Words, language: string, now = Date.now(), timeZone?: string): string {
  if (queue.is_open) return words.nowOpen;
  if (!queue.until) return words.nowClosed;
  const opens = new Date(queue.until);
  const clock = time(opens, language, timeZone);
  const away = dayNumber(opens, timeZone) - dayNumber(new Date(now), timeZone);
  if (away === 0) return fillAll(words.opensToday, { clock });
  if (away === 1) return fillAll(words.opensTomorrow, { clock });
  const day = new Intl.DateTimeFormat(language, {
    timeZone,
    weekday: "long",
    ...(away > 6 ? { day: "numeric", month: "long" } : {}),
  }).format(opens);
  return fillAll(words.opensOn, { day, clock });
}

/** The next week, a line for each day on which it is open: the day, and the times. */
export function hours(queue: Queue, language: string, now = Date.now(), timeZone?: string): [string, string][] {
  const days = new Map<string, string[]>();
  const weekday = new Intl.DateTimeFormat(language, { timeZone, weekday: "long" });
  for (const span of queue.spans) {
    const opens = new Date(Math.max(Date.parse(span.opens), now));
    const closes = new Date(span.closes);
    if (Date.parse(span.opens) > now + 7 * DAY) break;
    const name = weekday.format(opens);
    const began = Date.parse(span.opens) < now ? new Date(span.opens) : opens;
    const last = dayNumber(closes, timeZone) > dayNumber(opens, timeZone) + 1 ? weekday.format(closes) : "";
    const times = `${time(began, language, timeZone)} – ${last ? `${last} ` : ""}${time(closes, language, timeZone)}`;
    days.set(name, [...(days.get(name) ?? []), times]);
  }
  return [...days].map(([day, times]) => [day, times.join(", ")]);
}

/** Where a way leads; nowhere for what is no phone, address or https link. */
export function leads(way: Way): string | undefined {
  if (way.kind === "phone" && /^\+?[0-9 ()-]+$/.test(way.value)) return `tel:${way.value.replace(/[^+0-9]/g, "")}`;
  if (way.kind === "email" && way.value.includes("@")) return `mailto:${encodeURIComponent(way.value).replace("%40", "@")}`;
  return way.kind === "link" && way.value.startsWith("https://") ? way.value : undefined;
}

function time(at: Date, language: string, timeZone?: string): string {
  return new Intl.DateTimeFormat(language, { timeZone, hour: "2-digit", minute: "2-digit" }).format(at);
}

/** Days since 1970 on a calendar there. */
function dayNumber(at: Date, timeZone?: string): number {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(at);
  return Math.round(Date.parse(`${parts}T00:00:00Z`) / DAY);
}
