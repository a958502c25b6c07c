import { IconUsers } from "@tabler/icons-react";
import { lazy, Suspense, useMemo } from "react";
import { Outlet, useNavigate, useSearchParams } from "react-router";
import { Blank } from "../../ui/Blank";
import { ColumnMenu } from "../../ui/ColumnMenu";
import { useColumnChoice } from "../../ui/columns";
import classes from "../../ui/ListPage.module.css";
import { PageHead } from "../../ui/PageHead";
import { PeopleList } from "../../ui/PeopleList";
import { SearchBox } from "../../ui/SearchBox";
import { uniqueRows } from "../../ui/uniqueRows";
import { useWords } from "../../words";
import { ExportMenu, SaveAsSegment, SelectionBar, useSelectable, useSelection } from "../actions";
import { LiveState } from "../live";
import { asRule, type Filters, isFiltered, looksLikeChatId, NO_FILTERS, useFilters } from "./filters";
import { labelsOf } from "./lists/labelsOf";
import own from "./clients.module.css";
import { RegisteredFilter } from "./RegisteredFilter";
import { useClients, useCounts } from "./useClients";
import { useColumns } from "./useColumns";

/** Not a part of what is needed first. */
const FilterChoices = lazy(() => import("./lists/Filters"));

export default function ClientsPage() {
  const { clients } = useWords();
  const [filters, setFilters] = useFilters();
  const [params] = useSearchParams();
  const { list, live } = useClients(filters);
  const { data: counts } = useCounts();
  const rows = useMemo(() => uniqueRows(list.data?.pages ?? []), [list.data]);
  const filter = asRule(filters);
  const selection = useSelection(JSON.stringify(filter), rows);
  const choice = useColumnChoice("clients", useSelectable(useColumns(), selection));
  const go = useNavigate();

  const known = useMemo(() => labelsOf(rows), [rows]);
  const first = list.data?.pages[0];
  const counted = counts && { all: counts.all, yes: counts.registered, no: counts.not_registered }[filters.registered];
  const total =
    filters.search || isFiltered({ ...filters, registered: "all" }) || counted === undefined
      ? { count: first?.total ?? 0, exact: first?.total_is_exact ?? true }
      : { count: counted, exact: true };

  return (
    <div className={classes.page}>
      <PageHead title={clients.title} about={clients.about}>
        <div className={classes.actions}>
          <LiveState />
          <Suspense>
            <ExportMenu selection={selection} filter={filter} total={total} />
          </Suspense>
        </div>
      </PageHead>
      <div className={classes.bar}>
        <SearchBox
          label={clients.search}
          value={filters.search}
          onSearch={(search) => {
            setFilters({ search });
          }}
        />
        <RegisteredFilter
          value={filters.registered}
          onChange={(registered) => {
            setFilters({ registered });
          }}
        />
        {(filters.search || isFiltered(filters)) && <SaveAsSegment filter={filter} />}
        <ColumnMenu choice={choice} />
      </div>
      <Suspense fallback={<div className={own.filters} />}>
        <FilterChoices filters={filters} known={known} onChange={setFilters} />
      </Suspense>
      <SelectionBar base="/clients" selection={selection} filter={filter} total={total} />
      <PeopleList
        label={clients.title}
        list={list}
        rows={rows}
        columns={choice.shown}
        live={live}
        total={total}
        onOpen={({ id }) => void go({ pathname: `/clients/${id}`, search: params.toString() })}
        empty={<Nobody filters={filters} onChange={setFilters} />}
      />
      <Outlet />
    </div>
  );
}

function Nobody({ filters, onChange }: { filters: Filters; onChange: (changes: Partial<Filters>) => void }) {
  const { clients } = useWords();
  const { search } = filters;
  if (search) {
    const to = looksLikeChatId(search) ? `/clients/without-contacts?${new URLSearchParams({ search }).toString()}` : "/clients/without-contacts";
    return (
      <Blank
        title={clients.nobodyTitle(search)}
        text={clients.nobody}
        action={{ label: clients.lookThere, to }}
        second={{
          label: clients.clearSearch,
          onClick: () => {
            onChange({ search: "" });
          },
        }}
      />
    );
  }
  if (isFiltered(filters)) {
    const showAll = () => {
      onChange(NO_FILTERS);
    };
    return <Blank title={clients.emptyFilterTitle} text={clients.emptyFilter} action={{ label: clients.showAll, onClick: showAll }} />;
  }
  const action = { label: clients.lookThere, to: "/clients/without-contacts" };
  return <Blank icon={<IconUsers size={32} stroke={1.5} />} title={clients.emptyTitle} text={clients.empty} action={action} />;
}
