import { useSpeech } from "..";
import * as de from "./de";
import * as en from "./en";
import * as es from "./es";

export type JobWords = (typeof en)["jobs"];

/** By language. They come with what says them, so that nobody else waits for them. */
export const jobWords: Record<"en" | "es" | "de", { jobs: JobWords }> = { en, es, de };

export function useJobWords(): JobWords {
  return jobWords[useSpeech().language].jobs;
}
