import { useSpeech } from "..";
import { blacklist as de } from "./de";
import { blacklist as en } from "./en";
import { blacklist as es } from "./es";

export type BlacklistWords = typeof en;

/** They come with the page that says them, so that nobody else waits for them. */
const words: Record<"en" | "es" | "de", BlacklistWords> = { en, es, de };

export function useBlacklistWords(): BlacklistWords {
  return words[useSpeech().language];
}
