import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useState } from "react";
import { en, type Words } from "./en";

export type { Words } from "./en";

export const LANGUAGES = { en: "English", es: "Español", de: "Deutsch" } as const;
export type Language = keyof typeof LANGUAGES;

const STORED = "kith.language";

interface Speech {
  words: Words;
  language: Language;
  /** The language with its region, where the browser knows one: for numbers and times. */
  locale: string;
  choose: (language: Language) => void;
}

const Context = createContext<Speech | null>(null);

/** English is always here; the others are fetched when they are wanted. */
async function load(language: Language): Promise<Words> {
  if (language === "es") return (await import("./es")).es;
  if (language === "de") return (await import("./de")).de;
  return en;
}

function isLanguage(value: string | null | undefined): value is Language {
  return value !== null && value !== undefined && value in LANGUAGES;
}

/** The language chosen before, else the first of the browser's that is spoken here, else English. */
export function preferred(chosen: string | null, browser: readonly string[]): Language {
  if (isLanguage(chosen)) return chosen;
  return browser.map((tag) => tag.split("-")[0]).find(isLanguage) ?? "en";
}

export function localeOf(language: Language, browser: readonly string[]): string {
  return browser.find((tag) => tag.split("-")[0] === language) ?? language;
}

export function WordsProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(() => preferred(stored(), navigator.languages));
  const [words, setWords] = useState<Words | null>(language === "en" ? en : null);

  useEffect(() => {
    let wanted = true;
    document.documentElement.lang = language;
    load(language).then(
      (loaded) => wanted && setWords(loaded),
      () => wanted && setWords(en),
    );
    return () => {
      wanted = false;
    };
  }, [language]);

  const choose = useCallback((next: Language) => {
    try {
      localStorage.setItem(STORED, next);
    } catch {
      // Storage is forbidden here: the choice holds until the tab is closed.
    }
    setLanguage(next);
  }, []);

  const speech = useMemo(
    () => words && { words, language, locale: localeOf(language, navigator.languages), choose },
    [words, language, choose],
  );
  return speech && <Context value={speech}>{children}</Context>;
}

export function useSpeech(): Speech {
  const speech = use(Context);
  if (!speech) throw new Error("useSpeech needs a WordsProvider above it");
  return speech;
}

export function useWords(): Words {
  return useSpeech().words;
}

function stored(): string | null {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}
