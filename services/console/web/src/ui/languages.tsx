import { useSpeech } from "../words";
import { Cut } from "./Cut";

/** ISO 639-1, and the varieties that messages are most often written in. */
const CODES =
  "af am ar as az be bg bn bs ca cs cy da de de-AT de-CH el en en-GB en-US eo es es-MX et eu fa fi fil fr fr-CA ga gl gu he hi hr hu hy id ig is it ja ka kk km kn ko ku ky lb lo lt lv mg mi mk ml mn mr ms mt my nb ne nl nn or pa pl ps pt pt-BR ro ru rw sd si sk sl so sq sr sv sw ta te tg th ti tk tl tr tt ug uk ur uz vi xh yo zh zh-Hans zh-Hant zu".split(
    " ",
  );

/** A language by its name; its code where it has none, or is no language tag at all. */
export function languageName(code: string, locale: string): string {
  try {
    return new Intl.DisplayNames(locale, { type: "language" }).of(code.replace("_", "-")) ?? code;
  } catch {
    return code;
  }
}

/** Languages to choose from, by name in the reader's own; `also` is among them whatever it is. */
export function languageChoices(locale: string, also: string | null): { value: string; label: string }[] {
  const codes = also && !CODES.includes(also) ? [also, ...CODES] : CODES;
  return codes.map((value) => ({ value, label: languageName(value, locale) })).sort((a, b) => a.label.localeCompare(b.label, locale));
}

export function LanguageName({ code }: { code: string }) {
  const { locale } = useSpeech();
  return (
    <span data-tip={code}>
      <Cut>{languageName(code, locale)}</Cut>
    </span>
  );
}
