import { IconUserQuestion } from "@tabler/icons-react";
import { useMemo } from "react";
import { Link, Outlet, useNavigate, useSearchParams } from "react-router";
import { Blank } from "../../ui/Blank";
import { ColumnMenu } from "../../ui/ColumnMenu";
import { useColumnChoice } from "../../ui/columns";
import classes from "../../ui/ListPage.module.css";
import type { Mark } from "../../ui/marks";
import { PageHead } from "../../ui/PageHead";
import { PeopleList } from "../../ui/PeopleList";
import { SearchBox } from "../../ui/SearchBox";
import { uniqueRows } from "../../ui/uniqueRows";
import { useWords } from "../../words";
import { LiveState } from "../live";
import { useColumns } from "./useColumns";
import { useVisitors } from "./useVisitors";
import own from "./visitors.module.css";

/** Visitors without a profile: to be looked at and searched by Chat ID, and nothing else. */
export default function WithoutContactsPage() {
  const { visitors } = useWords();
  const [params, setParams] = useSearchParams();
  const search = params.get("search")?.trim() ?? "";
  const { list, live, total } = useVisitors(search);
  const choice = useColumnChoice("without-contacts", useColumns());
  const go = useNavigate();
  const rows = useMemo(() => uniqueRows(list.data?.pages ?? []), [list.data]);
  const look = (wanted: string) => {
    setParams(wanted ? { search: wanted } : {}, { replace: true });
  };

  return (
    <div className={classes.page}>
      <PageHead title={visitors.title} about={visitors.about}>
        <LiveState />
      </PageHead>
      <div className={classes.bar}>
        <SearchBox label={visitors.search} hint={visitors.searchHint} value={search} onSearch={look} />
        <ColumnMenu choice={choice} />
      </div>
      <PeopleList
        label={visitors.title}
        list={list}
        rows={rows}
        columns={choice.shown}
        live={live}
        total={total}
        onOpen={({ id }) => void go({ pathname: `/clients/without-contacts/${id}/steps`, search: params.toString() })}
        tall
        goneText={becameClient}
        empty={<Nobody search={search} />}
      />
      <Outlet />
    </div>
  );
}

function becameClient({ clientId }: Mark & { is: "gone" }) {
  return clientId === null ? null : <Became clientId={clientId} />;
}

function Became({ clientId }: { clientId: string }) {
  const { visitors } = useWords();
  return (
    <Link className={own.became} to={`/clients/${clientId}`} title={visitors.openCard} data-testid="became-client">
      {visitors.became}
    </Link>
  );
}

function Nobody({ search }: { search: string }) {
  const { visitors } = useWords();
  if (!search) return <Blank icon={<IconUserQuestion size={32} stroke={1.5} />} title={visitors.emptyTitle} text={visitors.empty} />;
  const to = `/clients?${new URLSearchParams({ search }).toString()}`;
  return <Blank title={visitors.nobodyTitle(search)} text={visitors.nobody} action={{ label: visitors.lookThere, to }} />;
}
