/** A time of day as people type it, `9`, `930` or `9.30`, as `09:30`; what is none stays as typed, to be refused by name. */
export function asClock(typed: string): string {
  const found = /^\s*(\d{1,2})(?:[:.h ]?(\d{2}))?\s*$/.exec(typed);
  if (!found) return typed;
  const [, hours = "", minutes = "00"] = found;
  const clock = `${hours.padStart(2, "0")}:${minutes}`;
  const isOne = (Number(hours) < 24 && Number(minutes) < 60) || clock === "24:00";
  return isOne ? clock : typed;
}

/** The names of the weekdays, Monday first. */
export function weekdays(locale: string): string[] {
  const format = new Intl.DateTimeFormat(locale, { weekday: "long", timeZone: "UTC" });
  return Array.from({ length: 7 }, (_, day) => format.format(new Date(Date.UTC(2024, 0, 1 + day))));
}
