import type { Icon } from "@tabler/icons-react";
import classes from "./Facts.module.css";

/** A state, by an icon and a word: colour never speaks alone. */
export function StateMark({ icon: Mark, tone, children }: { icon: Icon; tone?: "good" | "bad" | undefined; children: string }) {
  return (
    <span className={classes.mark} data-tone={tone}>
      <Mark size={16} aria-hidden />
      {children}
    </span>
  );
}
