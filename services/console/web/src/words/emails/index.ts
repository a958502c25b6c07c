import { useSpeech } from "..";
import { emails as de } from "./de";
import { emails as en } from "./en";
import { emails as es } from "./es";

export type EmailWords = typeof en;

/** By language. They come with the page that says them. */
export const emailWords: Record<"en" | "es" | "de", EmailWords> = { en, es, de };

export function useEmailWords(): EmailWords {
  return emailWords[useSpeech().language];
}
