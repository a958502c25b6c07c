export const PERIODS = ["all", "today", "7", "30", "90", "own"] as const;
export type Period = (typeof PERIODS)[number];

/** Days as a date field gives them, `2026-01-31`; empty where none is chosen. */
export interface OwnDates {
  from: string;
  to: string;
}

interface Range {
  since?: string;
  until?: string;
}

/** From when to when (exclusive) a period is, in the reader's own days. Today is one of the last seven. */
export function rangeOf(period: Period, { from, to }: OwnDates, now: Date): Range {
  if (period === "all") return {};
  if (period !== "own") return { since: midnight(now, period === "today" ? 0 : 1 - Number(period)).toISOString() };
  const [first, last] = [dayOf(from), dayOf(to)];
  return { ...(first && { since: first.toISOString() }), ...(last && { until: midnight(last, 1).toISOString() }) };
}

/** Midnight that many days after a moment's own day; days are not always 24 hours long. */
function midnight(moment: Date, days: number): Date {
  return new Date(moment.getFullYear(), moment.getMonth(), moment.getDate() + days);
}

function dayOf(text: string): Date | null {
  const [year, month, day] = text.split("-").map(Number);
  if (!year || !month || !day) return null;
  const found = new Date(year, month - 1, day);
  found.setFullYear(year);
  return found;
}
