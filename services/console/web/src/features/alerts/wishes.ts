import type { Settings } from "../../api/notifications";

/** What a page may do about a message in one queue, at one moment. */
export interface Ways {
  note: boolean;
  sound: boolean;
  desktop: boolean;
}

/** The same answers as the service gives for push and email: a queue's own choice, else the one for all; quiet hours. */
export function waysOf(settings: Settings | undefined, queueId: string | null, now: Date): Ways {
  if (!settings) return { note: true, sound: true, desktop: true };
  const own = queueId === null ? undefined : settings.queues?.[queueId];
  if (own?.off) return { note: false, sound: false, desktop: false };
  const quiet = isQuiet(settings.quiet_hours, now);
  return { note: true, sound: !quiet && (own?.sound ?? settings.sound), desktop: !quiet && (own?.desktop ?? settings.desktop) };
}

/** Whether quiet hours hold; over midnight where they do not end later than they begin. */
export function isQuiet(quiet: Settings["quiet_hours"], now: Date): boolean {
  if (!quiet?.on) return false;
  const { clock, weekday } = wall(now, quiet.time_zone ?? "UTC");
  const from = quiet.from ?? "20:00";
  const to = quiet.to ?? "08:00";
  const begins = (day: number) => (quiet.days ?? [0, 1, 2, 3, 4, 5, 6]).includes(day);
  if (from < to) return from <= clock && clock < to && begins(weekday);
  return (clock >= from && begins(weekday)) || (clock < to && begins((weekday + 6) % 7));
}

/** What the clock on the wall shows in a zone; Monday is 0. */
function wall(now: Date, zone: string): { clock: string; weekday: number } {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23", weekday: "short" }).formatToParts(now);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? "";
  return { clock: `${part("hour")}:${part("minute")}`, weekday: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].indexOf(part("weekday")) };
}
