import { Collapse, UnstyledButton } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { type ReactNode, useId, useState } from "react";
import classes from "../clients.module.css";

/** A section of the form that unfolds; what is wrong in it keeps it open. */
export function Fold({ title, wrong, children }: { title: string; wrong: boolean; children: ReactNode }) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const shown = open || wrong;
  return (
    <section aria-labelledby={`${id}-title`}>
      <UnstyledButton
        id={`${id}-title`}
        className={classes.fold}
        aria-expanded={shown}
        aria-controls={id}
        onClick={() => {
          setOpen(!shown);
        }}
      >
        <IconChevronDown size={18} aria-hidden data-open={shown || undefined} />
        {title}
      </UnstyledButton>
      <div id={id}>
        <Collapse expanded={shown}>
          <div className={classes.folded}>{children}</div>
        </Collapse>
      </div>
    </section>
  );
}
