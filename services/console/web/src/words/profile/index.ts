import { useSpeech } from "..";
import { de } from "./de";
import { en, type ProfileWords } from "./en";
import { es } from "./es";

export type { ProfileWords } from "./en";

/** They come with the profile, not with the first view. */
export const profileWords: Record<"en" | "es" | "de", ProfileWords> = { en, es, de };

export function useProfileWords(): ProfileWords {
  return profileWords[useSpeech().language];
}
