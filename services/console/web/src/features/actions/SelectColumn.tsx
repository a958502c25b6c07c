import { Checkbox } from "@mantine/core";
import { useMemo } from "react";
import type { Column } from "../../ui/columns";
import { useActiveRow } from "../../ui/Row";
import { useWords } from "../../words";
import classes from "./actions.module.css";
import { type Selection, useIsSelected, useSelected } from "./selection";

interface Listed {
  id: string;
  name: string;
}

/** The columns, with a checkbox before what the first one shows. */
export function useSelectable<Row extends Listed>(columns: Column<Row>[], selection: Selection): Column<Row>[] {
  return useMemo(
    () =>
      columns.map((column, place) =>
        place === 0
          ? {
              ...column,
              width: column.width + 36,
              ...(column.narrow && { narrow: column.narrow + 36 }),
              head: <SelectShown title={column.title} selection={selection} />,
              render: (row: Row) => (
                <span className={classes.cell}>
                  <SelectRow row={row} selection={selection} />
                  {column.render(row)}
                </span>
              ),
            }
          : column,
      ),
    [columns, selection],
  );
}

function SelectRow({ row, selection }: { row: Listed; selection: Selection }) {
  const { table: say } = useWords();
  const active = useActiveRow();
  const checked = useIsSelected(selection, row.id);
  return (
    <Checkbox
      size="xs"
      aria-label={say.select(row.name || row.id)}
      tabIndex={active ? 0 : -1}
      checked={checked}
      onChange={() => {
        selection.toggle(row.id);
      }}
    />
  );
}

function SelectShown({ title, selection }: { title: string; selection: Selection }) {
  const { table: say } = useWords();
  const { ids, all, shown } = useSelected(selection);
  const every = all || (shown.length > 0 && shown.every((id) => ids.has(id)));
  return (
    <span className={classes.cell}>
      <Checkbox
        size="xs"
        aria-label={say.selectShown}
        checked={every}
        indeterminate={!every && ids.size > 0}
        onChange={() => {
          if (every) selection.clear();
          else selection.chooseShown();
        }}
      />
      {title}
    </span>
  );
}
