import { Button } from "@mantine/core";
import { useSpeech } from "../words";
import classes from "./RowsTable.module.css";
import { numberText } from "./times";

interface Props {
  shown: number;
  total: number;
  exact: boolean;
  hasMore: boolean;
  loading: boolean;
  /** The last page asked for did not come. */
  failed: boolean;
  onMore: () => void;
}

/** How many are shown of how many, and the way to more. */
export function TableFoot({ shown, total, exact, hasMore, loading, failed, onMore }: Props) {
  const { words, locale } = useSpeech();
  const { table, errors } = words;
  const count = numberText(Math.max(total, shown), locale);
  return (
    <div className={classes.foot}>
      <span data-testid="shown">{table.shown(numberText(shown, locale), exact ? count : table.atLeast(count))}</span>
      {failed && <span role="alert">{table.moreFailed}</span>}
      {hasMore && (
        <Button variant="subtle" size="compact-sm" loading={loading} onClick={onMore} aria-label={loading ? table.loadingMore : undefined}>
          {failed ? errors.tryAgain : table.more}
        </Button>
      )}
    </div>
  );
}
