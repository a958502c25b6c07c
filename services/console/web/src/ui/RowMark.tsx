import { IconLogout2, IconSparkles } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useWords } from "../words";
import type { Mark } from "./marks";
import classes from "./RowsTable.module.css";

interface Props {
  mark: Mark;
  goneText: ((mark: Mark & { is: "gone" }) => ReactNode) | undefined;
}

/** The mark of a row that just came, or that is about to leave. A changed row is only tinted for a moment. */
export function RowMark({ mark, goneText }: Props) {
  const { table } = useWords();
  if (mark.is === "changed") return null;
  const Icon = mark.is === "new" ? IconSparkles : IconLogout2;
  const tip = mark.is === "gone" && mark.clientId === null ? table.isGoneHelp : undefined;
  return (
    <span className={classes.mark} data-tip={tip} data-is={mark.is} role={mark.is === "gone" ? "status" : undefined}>
      <Icon size={14} aria-hidden />
      {mark.is === "new" ? table.isNew : (goneText?.(mark) ?? table.isGone)}
    </span>
  );
}
