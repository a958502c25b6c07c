import { numberText } from "../../ui/times";
import { useSpeech } from "../../words";
import { useImportWords } from "../../words/imports";
import type { Import } from "./api";
import classes from "./imports.module.css";

const OF_IMPORT = ["made", "changed", "same", "skipped", "folded", "faults"] as const;
const OF_UNDO = ["removed", "restored", "kept"] as const;

/** What rows came to, or would. */
export function Counts({ one: { counts, status } }: { one: Import }) {
  const say = useImportWords();
  const { locale } = useSpeech();
  const undo = status === "undoing" || status === "undone";
  const shown = [...OF_IMPORT, ...(undo ? OF_UNDO : [])].filter((name) => counts[name] > 0 || name === "made");
  return (
    <dl className={classes.counts} aria-label={status === "checking" || status === "checked" ? say.wouldBe : say.cameTo}>
      {shown.map((name) => (
        <div key={name} data-kind={name}>
          <dt>{say.counts[name]}</dt>
          <dd>{numberText(counts[name], locale)}</dd>
        </div>
      ))}
    </dl>
  );
}
