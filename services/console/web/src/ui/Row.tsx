import { createContext, memo, type ReactNode, type RefObject, use } from "react";
import type { Column } from "./columns";
import type { Mark } from "./marks";
import { RowMark } from "./RowMark";
import classes from "./RowsTable.module.css";

interface Props<Record> {
  record: Record;
  /** Its place in the list, from 0. */
  index: number;
  columns: readonly Column<Record>[];
  mark: Mark | undefined;
  /** The row that Tab leads to. */
  active: boolean;
  goneText: ((mark: Mark & { is: "gone" }) => ReactNode) | undefined;
  open: RefObject<(row: Record) => void>;
  onFocus: (id: string) => void;
}

const ActiveContext = createContext(false);

/** Whether the cell is in the row that Tab leads to: only there are links and buttons stops of their own. */
export function useActiveRow(): boolean {
  return use(ActiveContext);
}

function PlainRow<Record extends { id: string }>({ record, index, columns, mark, active, goneText, open, onFocus }: Props<Record>) {
  return (
    <tr
      className={classes.row}
      data-row={record.id}
      data-testid="row"
      data-mark={mark?.is}
      aria-rowindex={index + 2}
      tabIndex={active ? 0 : -1}
      onFocus={() => {
        onFocus(record.id);
      }}
      onClick={(event) => {
        if (isBlank(event.target)) open.current(record);
      }}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || event.target !== event.currentTarget) return;
        event.preventDefault();
        open.current(record);
      }}
    >
      <ActiveContext value={active}>
        {columns.map((column, place) => (
          <td key={column.id} data-column={column.id} data-pin={column.pin}>
            {place === 0 ? (
              <span className={classes.first}>
                {column.render(record)}
                {mark && <RowMark mark={mark} goneText={goneText} />}
              </span>
            ) : (
              column.render(record)
            )}
          </td>
        ))}
      </ActiveContext>
    </tr>
  );
}

/** Drawn again only when something of its own changed: a list may hold thousands. */
export const Row = memo(PlainRow) as typeof PlainRow;

/** A click that means the row: not on a link or button in it, and not the end of selecting text. */
function isBlank(target: EventTarget): boolean {
  const onControl = target instanceof Element && target.closest("a, button, input, label") !== null;
  return !onControl && (window.getSelection()?.toString() ?? "") === "";
}
