import { type RefObject, useMemo } from "react";
import { useConnectionWords } from "../../words/connections";
import classes from "./scenario.module.css";
import type { Fault } from "./useScenarioCheck";

interface Props {
  text: string;
  faults: readonly Fault[];
  /** The id of what lists the faults. */
  describedBy: string;
  area: RefObject<HTMLTextAreaElement | null>;
  onChange: (text: string) => void;
}

/** A plain text field with numbered lines; what is wrong stands behind the line that it is on. */
export function ScenarioText({ text, faults, describedBy, area, onChange }: Props) {
  const { scenario: say } = useConnectionWords();
  const lines = useMemo(() => text.split("\n"), [text]);
  const widest = useMemo(() => Math.max(...lines.map(columns)), [lines]);
  const byLine = new Map<number, string>();
  for (const { line, message } of faults) byLine.set(line, [byLine.get(line), message].filter(Boolean).join("; "));
  return (
    <div className={classes.editor} dir="ltr">
      <div className={classes.numbers} aria-hidden>
        {lines.map((_, index) => (
          <div key={index} data-wrong={byLine.has(index + 1) || undefined}>
            {index + 1}
          </div>
        ))}
      </div>
      <div className={classes.sheet}>
        {[...byLine].map(([line, message]) => (
          <div key={line} className={classes.fault} style={{ insetBlockStart: `calc(${String(line - 1)} * var(--line) + 8px)` }} aria-hidden data-testid="fault-at-line" data-line={line}>
            <span style={{ marginInlineStart: `${String(columns(lines[line - 1] ?? "") + 2)}ch` }}>{message}</span>
          </div>
        ))}
        <textarea
          ref={area}
          className={classes.text}
          style={{ inlineSize: `${String(widest + 4)}ch`, blockSize: `calc(${String(lines.length)} * var(--line) + 16px)` }}
          aria-label={say.editor}
          aria-invalid={faults.length > 0}
          aria-describedby={describedBy}
          value={text}
          wrap="off"
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          onChange={(event) => {
            onChange(event.currentTarget.value);
          }}
        />
      </div>
    </div>
  );
}

const TAB = 2;
/** Chinese, Japanese, Korean and most pictures are twice as wide as the rest. */
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60\u{1f300}-\u{1faff}]/gu;

/** How many characters' width a line takes. */
function columns(line: string): number {
  return line.length + (line.split("\t").length - 1) * (TAB - 1) + (line.match(WIDE)?.length ?? 0);
}
