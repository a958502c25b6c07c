import { Button } from "@mantine/core";
import { IconArrowUp } from "@tabler/icons-react";
import { useSpeech } from "../words";
import classes from "./RowsTable.module.css";
import { numberText } from "./times";

/** "3 new": rows that wait to be asked for, so that nothing moves under the pointer. */
export function FreshButton({ count, onShow }: { count: number; onShow: () => void }) {
  const { words, locale } = useSpeech();
  return (
    <div className={classes.fresh} role="status">
      {count > 0 && (
        <Button size="compact-md" radius="xl" leftSection={<IconArrowUp size={16} aria-hidden />} onClick={onShow}>
          {words.table.fresh(count, numberText(count, locale))}
        </Button>
      )}
    </div>
  );
}
