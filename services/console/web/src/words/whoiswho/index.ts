import { useSpeech } from "..";
import { whoIsWho as de } from "./de";
import { whoIsWho as en } from "./en";
import { whoIsWho as es } from "./es";

export type WhoIsWhoWords = typeof en;

/** They come with the card that says them, so that nobody else waits for them. */
const words: Record<"en" | "es" | "de", WhoIsWhoWords> = { en, es, de };

export function useWhoIsWhoWords(): WhoIsWhoWords {
  return words[useSpeech().language];
}
