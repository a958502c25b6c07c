import { Button } from "@mantine/core";
import { IconClockHour9, IconPlus } from "@tabler/icons-react";
import { useMemo } from "react";
import { Link, useNavigate } from "react-router";
import { getQueues, QUEUES_KEY } from "../../api/queues";
import { usePages } from "../../api/usePages";
import { Blank } from "../../ui/Blank";
import { ColumnMenu } from "../../ui/ColumnMenu";
import { useColumnChoice } from "../../ui/columns";
import classes from "../../ui/ListPage.module.css";
import { PageHead } from "../../ui/PageHead";
import { PeopleList } from "../../ui/PeopleList";
import { uniqueRows } from "../../ui/uniqueRows";
import { useStill } from "../../ui/useStill";
import { useQueueWords } from "../../words/queues";
import { useSession } from "../session";
import { useColumns } from "./useColumns";
import { useQueueChanges } from "./useQueue";

/** Queues → Hours and forms: every queue, and whether it is open now. */
export default function QueuesPage() {
  const say = useQueueWords();
  const { user } = useSession();
  const go = useNavigate();
  const list = usePages([...QUEUES_KEY, "list"], async (_place, signal) => {
    const items = await getQueues(signal);
    return { items, next_cursor: null, total: items.length, total_is_exact: true };
  });
  const live = useStill();
  useQueueChanges(null);
  const choice = useColumnChoice("queues", useColumns());
  const rows = useMemo(() => uniqueRows(list.data?.pages ?? []), [list.data]);
  const mayChange = user?.scopes.includes("queues:write") ?? false;
  const adding = "/queues/hours/new";
  return (
    <div className={classes.page}>
      <PageHead title={say.title} about={say.about}>
        {mayChange && (
          <Button flex="none" component={Link} to={adding} leftSection={<IconPlus size={16} aria-hidden />}>
            {say.add}
          </Button>
        )}
      </PageHead>
      <div className={classes.bar}>
        <ColumnMenu choice={choice} />
      </div>
      <PeopleList
        label={say.title}
        list={list}
        rows={rows}
        columns={choice.shown}
        live={live}
        total={{ count: rows.length, exact: true }}
        onOpen={({ id }) => void go(`/queues/hours/${id}`)}
        empty={
          <Blank
            icon={<IconClockHour9 size={32} stroke={1.5} />}
            title={say.emptyTitle}
            text={say.empty}
            action={mayChange ? { label: say.add, to: adding } : undefined}
          />
        }
      />
    </div>
  );
}
