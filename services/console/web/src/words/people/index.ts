import { useSpeech } from "..";
import { de } from "./de";
import { en, type PeopleWords } from "./en";
import { es } from "./es";

export type { PeopleWords } from "./en";

/** By language. They come with the lists of people, so that nobody else waits for them. */
export const peopleWords: Record<"en" | "es" | "de", PeopleWords> = { en, es, de };

export function usePeopleWords(): PeopleWords {
  return peopleWords[useSpeech().language];
}
