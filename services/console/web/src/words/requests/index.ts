import { useSpeech } from "..";
import * as de from "./de";
import * as en from "./en";
import * as es from "./es";

export type RequestWords = Pick<typeof en, "requests" | "statistics" | "notifications">;

/** By language. They come with the pages that say them, so that nobody else waits for them. */
export const requestWords: Record<"en" | "es" | "de", RequestWords> = { en, es, de };

export function useRequestWords(): RequestWords {
  return requestWords[useSpeech().language];
}
