import { useSpeech } from "..";
import { conversation as de } from "./de";
import { conversation as en } from "./en";
import { conversation as es } from "./es";

export type ConversationWords = typeof en;

/** They come with the page that says them, so that nobody else waits for them. */
const words: Record<"en" | "es" | "de", ConversationWords> = { en, es, de };

export function useConversationWords(): ConversationWords {
  return words[useSpeech().language];
}
