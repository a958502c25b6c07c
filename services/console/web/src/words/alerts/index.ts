import { useSpeech } from "..";
import * as de from "./de";
import * as en from "./en";
import * as es from "./es";

export type AlertWords = (typeof en)["alerts"];

/** By language. They come once somebody is signed in who is told of messages. */
export const alertWords: Record<"en" | "es" | "de", { alerts: AlertWords }> = { en, es, de };

export function useAlertWords(): AlertWords {
  return alertWords[useSpeech().language].alerts;
}
