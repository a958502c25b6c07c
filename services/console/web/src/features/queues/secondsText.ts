import type { QueueWords } from "../../words/queues";

/** A time of so many seconds, in the largest unit that has it whole. */
export function secondsText(seconds: number, say: QueueWords): string {
  if (seconds % 3600 === 0) return say.hoursLong(seconds / 3600);
  if (seconds % 60 === 0) return say.minutes(seconds / 60);
  return say.seconds(seconds);
}
