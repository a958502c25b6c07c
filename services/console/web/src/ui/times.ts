const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** How long ago `at` (ISO 8601) was at `now` (milliseconds), in whole units; under a minute is `justNow`. */
export function relativeTime(at: string, now: number, locale: string, justNow: string): string {
  const seconds = (Date.parse(at) - now) / 1000;
  if (Number.isNaN(seconds)) return at;
  for (const [unit, length] of STEPS) {
    if (Math.abs(seconds) >= length) return relative(locale).format(Math.trunc(seconds / length), unit);
  }
  return justNow;
}

/** The moment in the reader's own time zone, with the zone named. */
export function exactTime(at: string, locale: string): string {
  return Number.isNaN(Date.parse(at)) ? at : exact(locale).format(new Date(at));
}

/** A day such as `2026-11-22`, which has no time zone. */
export function dayText(day: string, locale: string): string {
  return Number.isNaN(Date.parse(day)) ? day : days(locale).format(new Date(`${day}T00:00:00Z`));
}

const days = kept((locale) => new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" }));
const AS_A_WEEKDAY_MS = 6 * 86_400_000;

/** A moment to come as people say it: "09:00" of today, "Mon 09:00" within a week, else its date. In the reader's zone. */
export function soonTime(at: string, now: number, locale: string): string {
  const then = new Date(at);
  if (Number.isNaN(then.getTime())) return at;
  if (then.toDateString() === new Date(now).toDateString()) return clock(locale).format(then);
  return (then.getTime() - now < AS_A_WEEKDAY_MS ? weekday : day)(locale).format(then);
}

const clock = kept((locale) => new Intl.DateTimeFormat(locale, { timeStyle: "short" }));
const weekday = kept((locale) => new Intl.DateTimeFormat(locale, { weekday: "short", hour: "2-digit", minute: "2-digit" }));
const day = kept((locale) => new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }));
const relative = kept((locale) => new Intl.RelativeTimeFormat(locale, { numeric: "always", style: "long" }));
const exact = kept((locale) => new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "long" }));
const numbers = kept((locale) => new Intl.NumberFormat(locale));

export function numberText(count: number, locale: string): string {
  return numbers(locale).format(count);
}

/** Intl's formats are slow to make. */
function kept<Format>(make: (locale: string) => Format): (locale: string) => Format {
  const made = new Map<string, Format>();
  return (locale) => {
    const format = made.get(locale) ?? make(locale);
    made.set(locale, format);
    return format;
  };
}
