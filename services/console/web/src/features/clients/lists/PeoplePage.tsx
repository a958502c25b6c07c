import { type ReactNode, Suspense, useMemo } from "react";
import { Outlet, useNavigate, useSearchParams } from "react-router";
import { Blank } from "../../../ui/Blank";
import { ColumnMenu } from "../../../ui/ColumnMenu";
import { type Column, useColumnChoice } from "../../../ui/columns";
import classes from "../../../ui/ListPage.module.css";
import { PageHead } from "../../../ui/PageHead";
import { PeopleList } from "../../../ui/PeopleList";
import { SearchBox } from "../../../ui/SearchBox";
import { uniqueRows } from "../../../ui/uniqueRows";
import { useWords } from "../../../words";
import { usePeopleWords } from "../../../words/people";
import { ExportMenu, SaveAsSegment, SelectionBar, useSelectable, useSelection } from "../../actions";
import { LiveState } from "../../live";
import { asRule, type Filters, isFiltered, NO_FILTERS, useFilters } from "../filters";
import type { Client } from "../getClients";
import { useClients } from "../useClients";
import FilterChoices from "./Filters";
import { labelsOf } from "./labelsOf";

interface Props {
  /** Where the list is; a profile opens over it at `<base>/<id>`. */
  base: string;
  /** What this browser keeps the choice of columns under. */
  table: string;
  title: string;
  about: string;
  columns: Column<Client>[];
  /** The main action. */
  action?: ReactNode;
  /** Stands above the table. */
  note?: ReactNode;
  /** Shown where there is nobody at all. */
  empty: ReactNode;
}

/** A list of clients with all its filters, which are in the address: a link shows the same list. */
export function PeoplePage({ base, table, title, about, columns, action, note, empty }: Props) {
  const { clients } = useWords();
  const [filters, setFilters] = useFilters();
  const [params] = useSearchParams();
  const { list, live } = useClients(filters);
  const rows = useMemo(() => uniqueRows(list.data?.pages ?? []), [list.data]);
  const filter = asRule(filters);
  const selection = useSelection(JSON.stringify(filter), rows);
  const choice = useColumnChoice(table, useSelectable(columns, selection));
  const go = useNavigate();
  const known = useMemo(() => labelsOf(rows), [rows]);
  const first = list.data?.pages[0];
  const total = { count: first?.total ?? 0, exact: first?.total_is_exact ?? true };
  return (
    <div className={classes.page}>
      <PageHead title={title} about={about}>
        <div className={classes.actions}>
          <LiveState />
          <Suspense>
            <ExportMenu selection={selection} filter={filter} total={total} />
          </Suspense>
          {action}
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
        {(filters.search || isFiltered(filters)) && <SaveAsSegment filter={filter} />}
        <ColumnMenu choice={choice} />
      </div>
      <FilterChoices filters={filters} known={known} onChange={setFilters} />
      {note}
      <SelectionBar base={base} selection={selection} filter={filter} total={total} />
      <PeopleList
        label={title}
        list={list}
        rows={rows}
        columns={choice.shown}
        live={live}
        total={total}
        onOpen={({ id }) => void go({ pathname: `${base}/${id}`, search: params.toString() })}
        empty={filters.search || isFiltered(filters) ? <Nobody filters={filters} onChange={setFilters} /> : empty}
      />
      <Outlet />
    </div>
  );
}

function Nobody({ filters, onChange }: { filters: Filters; onChange: (changes: Partial<Filters>) => void }) {
  const { clients } = useWords();
  const { nobody, filters: say } = usePeopleWords();
  const { search } = filters;
  const clearAll = {
    label: say.clearAll,
    onClick: () => {
      onChange({ ...NO_FILTERS, search });
    },
  };
  const clearSearch = {
    label: clients.clearSearch,
    onClick: () => {
      onChange({ search: "" });
    },
  };
  if (!search) return <Blank title={nobody.title} text={nobody.text} action={clearAll} />;
  const lookThere = { label: clients.lookThere, to: "/clients/without-contacts" };
  return <Blank title={clients.nobodyTitle(search)} text={isFiltered(filters) ? nobody.text : clients.nobody} action={isFiltered(filters) ? clearAll : lookThere} second={clearSearch} />;
}
