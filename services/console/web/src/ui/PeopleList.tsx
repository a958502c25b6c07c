import type { ReactNode } from "react";
import type { Page } from "../api/page";
import type { Column } from "./columns";
import { Failure } from "./Failure";
import { FreshButton } from "./FreshButton";
import type { LiveRows, Mark } from "./marks";
import classes from "./ListPage.module.css";
import { RowsTable } from "./RowsTable";
import { TableFoot } from "./TableFoot";
import { TableSkeleton } from "./TableSkeleton";

/** The part of an infinite query that a list shows. */
interface Listed<Row> {
  data: { pages: Page<Row>[] } | undefined;
  error: unknown;
  isPlaceholderData: boolean;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  isFetchNextPageError: boolean;
  fetchNextPage: () => Promise<unknown>;
  refetch: () => Promise<unknown>;
}

interface Props<Row> {
  label: string;
  list: Listed<Row>;
  rows: Row[];
  columns: Column<Row>[];
  live: LiveRows;
  total: { count: number; exact: boolean };
  onOpen: (row: Row) => void;
  goneText?: (mark: Mark & { is: "gone" }) => ReactNode;
  empty: ReactNode;
  tall?: boolean;
}

/** A list in all its states: on its way, failed, empty, or there. */
export function PeopleList<Row extends { id: string }>(props: Props<Row>) {
  const { label, list, rows, columns, live, total, onOpen, goneText, empty, tall } = props;
  const more = () => {
    if (list.hasNextPage && !list.isFetchingNextPage && !list.isFetchNextPageError) void list.fetchNextPage();
  };
  return (
    <div className={classes.panel}>
      {!list.data ? (
        list.error ? (
          <Failure error={list.error} retry={() => void list.refetch()} />
        ) : (
          <TableSkeleton columns={columns} />
        )
      ) : (
        <>
          <FreshButton count={live.waiting} onShow={live.showWaiting} />
          {rows.length === 0 ? (
            empty
          ) : (
            <RowsTable
              label={label}
              columns={columns}
              rows={rows}
              marks={live.marks}
              goneText={goneText}
              onOpen={onOpen}
              onEnd={more}
              surroundings={live.surroundings}
              stale={list.isPlaceholderData}
              tall={tall}
            />
          )}
          {rows.length > 0 && (
            <TableFoot
              shown={rows.length}
              total={total.count}
              exact={total.exact}
              hasMore={list.hasNextPage}
              loading={list.isFetchingNextPage}
              failed={list.isFetchNextPageError}
              onMore={() => void list.fetchNextPage()}
            />
          )}
        </>
      )}
    </div>
  );
}
