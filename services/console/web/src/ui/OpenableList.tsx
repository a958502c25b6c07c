import { type ReactNode, useMemo, useState } from "react";
import type { usePages } from "../api/usePages";
import type { Column } from "./columns";
import { PeopleList } from "./PeopleList";
import { uniqueRows } from "./uniqueRows";
import { useStill } from "./useStill";

interface Props<Row> {
  label: string;
  list: ReturnType<typeof usePages<Row>>;
  columns: Column<Row>[];
  empty: ReactNode;
  /** Rows have two lines. */
  tall?: boolean;
  /** What stands beside the list while a row is open. */
  card: (row: Row, close: () => void) => ReactNode;
}

/** A list of settings, whose rows open beside it. */
export function OpenableList<Row extends { id: string }>({ label, list, columns, empty, tall = false, card }: Props<Row>) {
  const live = useStill();
  const [openId, setOpenId] = useState<string | null>(null);
  const rows = useMemo(() => uniqueRows(list.data?.pages ?? []), [list.data]);
  const opened = rows.find(({ id }) => id === openId);
  return (
    <>
      <PeopleList
        label={label}
        list={list}
        rows={rows}
        columns={columns}
        live={live}
        total={{ count: list.data?.pages[0]?.total ?? 0, exact: true }}
        onOpen={({ id }) => {
          setOpenId(id);
        }}
        empty={empty}
        tall={tall}
      />
      {opened &&
        card(opened, () => {
          setOpenId(null);
        })}
    </>
  );
}
