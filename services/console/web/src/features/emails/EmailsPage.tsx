import { Button } from "@mantine/core";
import { IconMailCheck, IconRefresh } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useNavigate } from "react-router";
import { PAGE_SIZE } from "../../api/page";
import { Blank } from "../../ui/Blank";
import { ColumnMenu } from "../../ui/ColumnMenu";
import { useColumnChoice } from "../../ui/columns";
import classes from "../../ui/ListPage.module.css";
import { PageHead } from "../../ui/PageHead";
import { PeopleList } from "../../ui/PeopleList";
import { uniqueRows } from "../../ui/uniqueRows";
import { useStill } from "../../ui/useStill";
import { useEmailWords } from "../../words/emails";
import { getTroubles } from "./getTroubles";
import { ServerState } from "./ServerState";
import { isOfMessage, useColumns } from "./useColumns";

/** The server is asked again by itself: it comes back without anybody's doing. */
const AGAIN_MS = 30_000;

/** Settings → Emails: how it stands with the mail server, and which emails to agents did not arrive. */
export default function EmailsPage() {
  const say = useEmailWords();
  const go = useNavigate();
  const live = useStill();
  const list = useInfiniteQuery({
    queryKey: ["email-troubles"],
    queryFn: ({ pageParam, signal }) => getTroubles({ limit: PAGE_SIZE, ...(pageParam && { cursor: pageParam }) }, signal),
    initialPageParam: "",
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
    refetchInterval: AGAIN_MS,
  });
  const choice = useColumnChoice("emails", useColumns());
  const rows = useMemo(() => uniqueRows(list.data?.pages ?? []), [list.data]);
  const first = list.data?.pages[0];

  return (
    <div className={classes.page}>
      <PageHead title={say.title} about={say.about}>
        <Button variant="default" flex="none" leftSection={<IconRefresh size={16} aria-hidden />} loading={list.isRefetching} onClick={() => void list.refetch()}>
          {say.again}
        </Button>
      </PageHead>
      <div className={classes.bar}>
        <span>{first && <ServerState server={first.server} />}</span>
        <ColumnMenu choice={choice} />
      </div>
      <PeopleList
        label={say.title}
        list={list}
        rows={rows}
        columns={choice.shown}
        live={live}
        total={{ count: first?.total ?? 0, exact: first?.total_is_exact ?? true }}
        tall
        onOpen={({ request_id: id }) => {
          if (isOfMessage(id)) void go(`/queues/log/${id}`);
        }}
        empty={<Blank icon={<IconMailCheck size={32} stroke={1.5} />} title={say.emptyTitle} text={say.empty} />}
      />
    </div>
  );
}
