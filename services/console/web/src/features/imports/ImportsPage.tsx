import { Button } from "@mantine/core";
import { IconFileImport, IconPlus } from "@tabler/icons-react";
import { useMemo } from "react";
import { Link, useNavigate } from "react-router";
import { usePages } from "../../api/usePages";
import { Blank } from "../../ui/Blank";
import { ColumnMenu } from "../../ui/ColumnMenu";
import { useColumnChoice } from "../../ui/columns";
import classes from "../../ui/ListPage.module.css";
import { PageHead } from "../../ui/PageHead";
import { PeopleList } from "../../ui/PeopleList";
import { uniqueRows } from "../../ui/uniqueRows";
import { useStill } from "../../ui/useStill";
import { useImportWords } from "../../words/imports";
import { getImports, IMPORTS_KEY } from "./api";
import { useColumns } from "./useColumns";

/** Contacts → Import: every file that was uploaded, and what became of it. */
export default function ImportsPage() {
  const say = useImportWords();
  const go = useNavigate();
  const list = usePages([...IMPORTS_KEY, "list"], getImports);
  const live = useStill();
  const choice = useColumnChoice("imports", useColumns());
  const rows = useMemo(() => uniqueRows(list.data?.pages ?? []), [list.data]);
  const adding = "/contacts/import/new";
  return (
    <div className={classes.page}>
      <PageHead title={say.title} about={say.about}>
        <Button flex="none" component={Link} to={adding} leftSection={<IconPlus size={16} aria-hidden />}>
          {say.add}
        </Button>
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
        total={{ count: list.data?.pages[0]?.total ?? 0, exact: true }}
        onOpen={({ id }) => void go(`/contacts/import/${id}`)}
        empty={<Blank icon={<IconFileImport size={32} stroke={1.5} />} title={say.emptyTitle} text={say.empty} action={{ label: say.add, to: adding }} />}
      />
    </div>
  );
}
