import { useSpeech } from "..";
import * as de from "./de";
import * as en from "./en";
import * as es from "./es";

export type ConnectionWords = Pick<typeof en, "connections" | "scenario">;

/** By language. They come with the pages that say them, so that nobody else waits for them. */
export const connectionWords: Record<"en" | "es" | "de", ConnectionWords> = { en, es, de };

export function useConnectionWords(): ConnectionWords {
  return connectionWords[useSpeech().language];
}
