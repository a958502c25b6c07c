import { UnstyledButton } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import classes from "./RowsTable.module.css";

/** A column's title with what it means in a tooltip, for the pointer, the keyboard and touch alike. */
export function HeadHelp({ title, help }: { title: string; help: string }) {
  return (
    <UnstyledButton className={classes.help} data-tip={help} aria-description={help}>
      {title}
      <IconInfoCircle size={15} stroke={1.75} aria-hidden />
    </UnstyledButton>
  );
}
