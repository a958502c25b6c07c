import { useSpeech } from "..";
import * as de from "./de";
import * as en from "./en";
import * as es from "./es";

export type LabelWords = (typeof en)["labels"];

/** By language. They come with the pages that say them, so that nobody else waits for them. */
export const labelWords: Record<"en" | "es" | "de", { labels: LabelWords }> = { en, es, de };

export function useLabelWords(): LabelWords {
  return labelWords[useSpeech().language].labels;
}
