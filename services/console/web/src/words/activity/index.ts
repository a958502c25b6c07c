import { useSpeech } from "..";
import { activity as de } from "./de";
import { activity as en } from "./en";
import { activity as es } from "./es";

/** By language. They come with the tab that says them. */
export const activityWords: Record<"en" | "es" | "de", typeof en> = { en, es, de };

export function useActivityWords(): typeof en {
  return activityWords[useSpeech().language];
}
