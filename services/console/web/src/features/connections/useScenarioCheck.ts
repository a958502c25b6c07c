import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { type ConnectionWords, useConnectionWords } from "../../words/connections";
import { checkScenario, type Document } from "./checkScenario";
import { lineOf, readJson, type ReadJson, type TextFault } from "./readJson";

/** After this long without typing the service is asked, in milliseconds. */
const PAUSE = 350;

export interface Fault {
  line: number;
  /** Where, as the service names it; null for what is wrong with the text itself. */
  place: string | null;
  message: string;
}

export interface Checked {
  state: "empty" | "checking" | "good" | "wrong" | "away";
  /** The scenario, unless the text is no JSON, or empty. */
  document: Document | null;
  faults: Fault[];
}

/** Checks a scenario while it is typed: the text at once, what it says as soon as the typing pauses. */
export function useScenarioCheck(text: string): Checked {
  const { scenario: say } = useConnectionWords();
  const now = useMemo(() => readText(text, say), [text, say]);
  const [paused] = useDebouncedValue(text, PAUSE);
  const then = useMemo(() => readText(paused, say), [paused, say]);
  const verdict = useQuery({
    queryKey: ["scenario-check", paused],
    queryFn: ({ signal }) => checkScenario(then.document ?? {}, signal),
    enabled: then.document !== null && then.faults.length === 0,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: 0,
  });
  if (text.trim() === "") return { state: "empty", document: null, faults: [] };
  if (now.faults.length > 0) return { state: "wrong", document: now.document, faults: now.faults };
  const faults = (verdict.data?.errors ?? []).map(({ field, message, code, values }) => ({ line: lineOf(field, now.json.lines), place: field, message: say.wrong[code]?.(values) ?? message }));
  if (text !== paused || verdict.isFetching) return { state: "checking", document: now.document, faults };
  if (verdict.error) return { state: "away", document: now.document, faults: [] };
  return { state: verdict.data?.ok === true ? "good" : "wrong", document: now.document, faults };
}

function readText(text: string, say: ConnectionWords["scenario"]): { json: ReadJson; document: Document | null; faults: Fault[] } {
  const json = readJson(text);
  const faults = json.faults.map((fault) => ({ line: fault.line, place: null, message: inWords(fault, say) }));
  const isObject = typeof json.value === "object" && json.value !== null && !Array.isArray(json.value);
  if (faults.length === 0 && !isObject) faults.push({ line: 1, place: null, message: say.notObject });
  return { json, document: isObject ? (json.value as Document) : null, faults };
}

function inWords(fault: TextFault, say: ConnectionWords["scenario"]): string {
  return "twice" in fault ? say.twice(fault.twice) : (say.syntax[fault.syntax] ?? fault.syntax);
}
