import { useSpeech } from "..";
import * as de from "./de";
import * as en from "./en";
import * as es from "./es";

export type QueueWords = (typeof en)["queues"];

/** By language. They come with the pages that say them, so that nobody else waits for them. */
export const queueWords: Record<"en" | "es" | "de", { queues: QueueWords }> = { en, es, de };

export function useQueueWords(): QueueWords {
  return queueWords[useSpeech().language].queues;
}
