import { useSpeech } from "..";
import { privacy as de } from "./de";
import { privacy as en } from "./en";
import { privacy as es } from "./es";

export type PrivacyWords = typeof en;

const words: Record<"en" | "es" | "de", PrivacyWords> = { en, es, de };

export function usePrivacyWords(): PrivacyWords {
  return words[useSpeech().language];
}
