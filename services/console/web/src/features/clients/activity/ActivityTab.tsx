import { SegmentedControl, Select, Skeleton, Text, TextInput, VisuallyHidden } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { PAGE_SIZE } from "../../../api/page";
import { Blank } from "../../../ui/Blank";
import { Failure } from "../../../ui/Failure";
import { TableFoot } from "../../../ui/TableFoot";
import { useWords } from "../../../words";
import { useActivityWords } from "../../../words/activity";
import { useLiveChange } from "../../live";
import classes from "./activity.module.css";
import { ActivityRow } from "./ActivityRow";
import { type ActivityQuery, getActivity } from "./getActivity";
import { type Period, PERIODS, rangeOf } from "./periods";

type Kind = NonNullable<ActivityQuery["kind"]>;
const KINDS = ["all", "campaigns", "events", "orders"] as const satisfies readonly Kind[];
const NO_DATES = { from: "", to: "" };

/** Contact activity: what a client did and what was sent to them, by kind and period. */
export function ActivityTab({ clientId }: { clientId: string }) {
  const say = useActivityWords();
  const [kind, setKind] = useState<Kind>("all");
  const [period, setPeriod] = useState<Period>("all");
  const [dates, setDates] = useState(NO_DATES);
  const wholeTime = kind === "orders" || period === "all";
  const list = useActivity(clientId, kind, kind === "orders" ? "all" : period, dates);
  const day = (name: "from" | "to") => (
    <TextInput
      type="date"
      aria-label={say[name]}
      value={dates[name]}
      onChange={(event) => {
        setDates({ ...dates, [name]: event.currentTarget.value });
      }}
    />
  );
  return (
    <div className={classes.root} data-testid="activity-tab">
      <SegmentedControl
        aria-label={say.kind}
        fullWidth
        data={KINDS.map((value) => ({ value, label: say.kinds[value] }))}
        value={kind}
        onChange={setKind}
      />
      <div className={classes.period}>
        {kind === "orders" ? (
          <Text c="dimmed" size="sm">
            {say.wholeTime}
          </Text>
        ) : (
          <Select
            aria-label={say.period}
            allowDeselect={false}
            data={PERIODS.map((value) => ({ value, label: say.periods[value] }))}
            value={period}
            onChange={(value) => {
              if (value) setPeriod(value);
            }}
          />
        )}
        {kind !== "orders" && period === "own" && (
          <span className={classes.days}>
            {day("from")}
            <span aria-hidden>–</span>
            {day("to")}
          </span>
        )}
      </div>
      <ActivityList
        {...list}
        kind={kind}
        wholeTime={wholeTime}
        showAll={() => {
          setPeriod("all");
        }}
      />
    </div>
  );
}

function useActivity(clientId: string, kind: Kind, period: Period, dates: typeof NO_DATES) {
  const list = useInfiniteQuery({
    queryKey: ["clients", "activity", clientId, kind, period, period === "own" ? dates : NO_DATES],
    queryFn: ({ pageParam, signal }) => {
      const range = rangeOf(period, dates, new Date());
      return getActivity(clientId, { kind, limit: PAGE_SIZE, ...range, ...(pageParam && { cursor: pageParam }) }, signal);
    },
    initialPageParam: "",
    getNextPageParam: (last) => last.next_cursor,
  });
  useLiveChange("client", clientId, () => void list.refetch());
  return { list };
}

interface Listed extends ReturnType<typeof useActivity> {
  kind: Kind;
  wholeTime: boolean;
  showAll: () => void;
}

function ActivityList({ list, kind, wholeTime, showAll }: Listed) {
  const say = useActivityWords();
  const { app } = useWords();
  if (list.error && !list.data) return <Failure error={list.error} retry={() => void list.refetch()} />;
  if (!list.data) {
    return (
      <div role="status" data-testid="skeleton" className={classes.list}>
        <VisuallyHidden>{app.loading}</VisuallyHidden>
        {Array.from({ length: 6 }, (_, row) => (
          <Skeleton key={row} height={56} aria-hidden />
        ))}
      </div>
    );
  }
  const items = list.data.pages.flatMap((page) => page.items);
  const [first] = list.data.pages;
  if (items.length === 0) {
    if (!wholeTime) return <Blank title={say.noneTitle} text={say.none} action={{ label: say.showAll, onClick: showAll }} />;
    return <Blank title={say.emptyTitle[kind]} text={say.empty[kind]} />;
  }
  return (
    <>
      <ul className={classes.list} aria-label={say.list} aria-busy={list.isFetching}>
        {items.map((one) => (
          <ActivityRow key={one.id} activity={one} />
        ))}
      </ul>
      <TableFoot
        shown={items.length}
        total={first?.total ?? items.length}
        exact={first?.total_is_exact ?? true}
        hasMore={list.hasNextPage}
        loading={list.isFetchingNextPage}
        failed={list.isFetchNextPageError}
        onMore={() => void list.fetchNextPage()}
      />
    </>
  );
}
