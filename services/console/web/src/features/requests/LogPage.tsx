import { Button, Group } from "@mantine/core";
import { IconInbox, IconTags } from "@tabler/icons-react";
import { lazy, Suspense, useMemo, useState } from "react";
import { Outlet, useNavigate, useSearchParams } from "react-router";
import { Blank } from "../../ui/Blank";
import { ColumnMenu } from "../../ui/ColumnMenu";
import { useColumnChoice } from "../../ui/columns";
import classes from "../../ui/ListPage.module.css";
import { PageHead } from "../../ui/PageHead";
import { PeopleList } from "../../ui/PeopleList";
import { SearchBox } from "../../ui/SearchBox";
import { uniqueRows } from "../../ui/uniqueRows";
import { useRequestWords } from "../../words/requests";
import { LiveState } from "../live";
import { useSession } from "../session";
import { isFiltered, useFilters } from "./filters";
import { LogFilters } from "./LogFilters";
import { useColumns } from "./useColumns";
import { useRequests } from "./useRequests";

const StatusesModal = lazy(() => import("./StatusesModal"));

/** Queues → Activity log: everything that visitors left, and what becomes of it. */
export default function LogPage() {
  const { requests: say } = useRequestWords();
  const [filters, setFilters] = useFilters();
  const [params, setParams] = useSearchParams();
  const { user } = useSession();
  const go = useNavigate();
  const { list, live, total } = useRequests(filters);
  const choice = useColumnChoice("requests", useColumns());
  const rows = useMemo(() => uniqueRows(list.data?.pages ?? []), [list.data]);
  const [editing, setEditing] = useState(false);
  const showAll = () => {
    setParams({}, { replace: true });
  };

  return (
    <div className={classes.page}>
      <PageHead title={say.title} about={say.about}>
        <Group gap="md" wrap="nowrap">
          <LiveState />
          {user?.scopes.includes("queues:write") && (
            <Button
              variant="default"
              leftSection={<IconTags size={16} aria-hidden />}
              onClick={() => {
                setEditing(true);
              }}
            >
              {say.statuses}
            </Button>
          )}
        </Group>
      </PageHead>
      <div className={classes.bar}>
        <SearchBox
          label={say.search}
          hint={say.searchHint}
          value={filters.search}
          onSearch={(search) => {
            setFilters({ search });
          }}
        />
        <LogFilters filters={filters} onChange={setFilters} />
        <ColumnMenu choice={choice} />
      </div>
      <PeopleList
        label={say.title}
        list={list}
        rows={rows}
        columns={choice.shown}
        live={live}
        total={total}
        tall
        onOpen={({ id }) => void go({ pathname: `/queues/log/${id}`, search: params.toString() })}
        empty={
          isFiltered(filters) ? (
            <Blank title={say.noneTitle} text={say.none} action={{ label: say.showAll, onClick: showAll }} />
          ) : (
            <Blank icon={<IconInbox size={32} stroke={1.5} />} title={say.emptyTitle} text={say.empty} />
          )
        }
      />
      <Outlet />
      <Suspense>
        {editing && (
          <StatusesModal
            onClose={() => {
              setEditing(false);
            }}
          />
        )}
      </Suspense>
    </div>
  );
}
