import { Skeleton, VisuallyHidden } from "@mantine/core";
import { useWords } from "../words";
import type { Column } from "./columns";
import classes from "./TableSkeleton.module.css";

const ROWS = 12;

/** The shape of the table that is on its way. */
export function TableSkeleton<Record>({ columns }: { columns: readonly Column<Record>[] }) {
  const { app } = useWords();
  return (
    <div className={classes.root} role="status" data-testid="skeleton">
      <VisuallyHidden>{app.loading}</VisuallyHidden>
      <div className={classes.row} aria-hidden>
        {columns.map(({ id, title, width }) => (
          <span key={id} className={classes.head} style={{ inlineSize: width }}>
            {title}
          </span>
        ))}
      </div>
      {Array.from({ length: ROWS }, (_, row) => (
        <div key={row} className={classes.row} aria-hidden>
          {columns.map(({ id, width }, column) => (
            <span key={id} style={{ inlineSize: width }}>
              <Skeleton height={12} width={`${String(40 + ((row * 7 + column * 13) % 45))}%`} />
            </span>
          ))}
        </div>
      ))}
    </div>
  );
}
