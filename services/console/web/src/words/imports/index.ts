import { useSpeech } from "..";
import { imports as de } from "./de";
import { imports as en } from "./en";
import { imports as es } from "./es";

export type ImportWords = typeof en;

/** They come with the pages that say them, so that nobody else waits for them. */
const words: Record<"en" | "es" | "de", ImportWords> = { en, es, de };

export function useImportWords(): ImportWords {
  return words[useSpeech().language];
}
