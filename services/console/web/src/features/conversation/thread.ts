import type { Message } from "./api";

/** What is being sent, or was not: it stands below the thread until the service has it. */
export interface Pending {
  key: string;
  text: string;
  failed: string | null;
}

export interface Day {
  /** Midnight in the reader's own zone. */
  start: number;
  messages: Message[];
}

/** The pages, newest first, as days from the oldest on. Whoever is on two pages comes up once. */
export function daysOf(pages: readonly { items: readonly Message[] }[]): Day[] {
  const seen = new Set<string>();
  const days: Day[] = [];
  const all = pages.flatMap(({ items }) => items).filter(({ id }) => !seen.has(id) && seen.add(id));
  for (const message of all.reverse()) {
    const start = new Date(message.at).setHours(0, 0, 0, 0);
    const last = days.at(-1);
    if (last?.start === start) last.messages.push(message);
    else days.push({ start, messages: [message] });
  }
  return days;
}

/** Whether the thread already has what was sent under this key. */
export function has(pages: readonly { items: readonly Message[] }[], key: string): boolean {
  return pages.some(({ items }) => items.some(({ id }) => id.endsWith(`/${key}`)));
}

/** How long a text is for its channel. Python counts code points; JavaScript's length does not. */
export function lengthOf(text: string, unit: "characters" | "bytes"): number {
  return unit === "bytes" ? new TextEncoder().encode(text).length : Array.from(text).length;
}
