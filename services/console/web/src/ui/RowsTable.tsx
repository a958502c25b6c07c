import { type ReactNode, useEffect, useEffectEvent, useRef, useState } from "react";
import type { Column } from "./columns";
import { HeadHelp } from "./HeadHelp";
import type { Mark, Surroundings } from "./marks";
import { Row } from "./Row";
import classes from "./RowsTable.module.css";
import { useWindow } from "./useWindow";
import { stepTo } from "./walk";

/** The next page is asked for this long before the end comes into view. */
const AHEAD = "600px";
/** Heights of a row in pixels, as in RowsTable.module.css. */
const LOW = 44;
const TALL = 56;

interface Props<Record> {
  label: string;
  columns: Column<Record>[];
  rows: Record[];
  marks: ReadonlyMap<string, Mark>;
  /** What a row says in place of a mark when it is no longer part of the list. */
  goneText?: ((mark: Mark & { is: "gone" }) => ReactNode) | undefined;
  onOpen: (row: Record) => void;
  onEnd: () => void;
  surroundings: Surroundings;
  /** Rows shown belong to an earlier question; the answer to this one is on its way. */
  stale: boolean;
  /** Rows have two lines. */
  tall?: boolean | undefined;
}

/** A table of people: sticky header, rows that open by a click on blank space or Enter, walked with the arrows. */
export function RowsTable<Record extends { id: string }>(props: Props<Record>) {
  const { label, columns, rows, marks, goneText, onOpen, onEnd, surroundings, stale, tall } = props;
  const [focused, setFocused] = useState<string | null>(null);
  const focusedAt = focused === null ? -1 : rows.findIndex((row) => row.id === focused);
  const activeAt = Math.max(0, focusedAt);
  const height = tall ? TALL : LOW;
  const { first, end: last } = useWindow(surroundings.viewportRef, rows.length, height, focusedAt);
  const open = useRef(onOpen);
  useEffect(() => {
    open.current = onOpen;
  });
  const walked = useRef(false);
  const end = useEnd(surroundings, onEnd);
  const width = columns.reduce((sum, column) => sum + column.width, 0);

  const walk = (event: React.KeyboardEvent) => {
    const row = event.target instanceof HTMLElement && event.target.closest<HTMLTableRowElement>("tr[data-row]");
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = stepTo(event.key, focusedAt, rows.length);
    if (next === null) return;
    event.preventDefault();
    setFocused(rows[next]?.id ?? null);
    walked.current = true;
  };
  useEffect(() => {
    if (!walked.current || focused === null) return;
    walked.current = false;
    surroundings.viewportRef.current?.querySelector<HTMLElement>(`tr[data-row="${CSS.escape(focused)}"]`)?.focus();
  }, [focused, surroundings]);

  return (
    <div ref={surroundings.rootRef} className={classes.root} data-stale={stale || undefined} data-tall={tall || undefined} {...surroundings.props}>
      <div ref={surroundings.viewportRef} className={classes.viewport}>
        <table aria-label={label} aria-busy={stale} aria-rowcount={rows.length + 1} className={classes.table} style={{ minInlineSize: width }} onKeyDown={walk}>
          <colgroup>
            {columns.map((column) => (
              <col key={column.id} style={{ inlineSize: column.width }} />
            ))}
          </colgroup>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.id} scope="col" data-pin={column.pin}>
                  {column.head ?? (column.help ? <HeadHelp title={column.title} help={column.help} /> : column.title)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {first > 0 && <tr aria-hidden style={{ blockSize: first * height }} />}
            {rows.slice(first, last).map((row, index) => (
              <Row
                key={row.id}
                record={row}
                index={first + index}
                columns={columns}
                mark={marks.get(row.id)}
                active={first + index === activeAt}
                goneText={goneText}
                open={open}
                onFocus={setFocused}
              />
            ))}
            {last < rows.length && <tr aria-hidden style={{ blockSize: (rows.length - last) * height }} />}
          </tbody>
        </table>
        <div ref={end} />
      </div>
    </div>
  );
}

/** A mark after the last row; `onEnd` is called whenever it comes near. */
function useEnd({ viewportRef }: Surroundings, onEnd: () => void) {
  const mark = useRef<HTMLDivElement>(null);
  const reached = useEffectEvent(onEnd);
  useEffect(() => {
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) reached();
      },
      { root: viewportRef.current, rootMargin: AHEAD },
    );
    if (mark.current) observer.observe(mark.current);
    return () => {
      observer.disconnect();
    };
  }, [viewportRef]);
  return mark;
}
