import { Button } from "@mantine/core";
import { IconPlugConnected, IconPlus } from "@tabler/icons-react";
import { lazy, Suspense, useCallback, useState } from "react";
import { Blank } from "../../ui/Blank";
import { ColumnMenu } from "../../ui/ColumnMenu";
import { useColumnChoice } from "../../ui/columns";
import classes from "../../ui/ListPage.module.css";
import { OpenableList } from "../../ui/OpenableList";
import { PageHead } from "../../ui/PageHead";
import { Refused } from "../../ui/Refused";
import { useConnectionWords } from "../../words/connections";
import { ConnectionCard } from "./ConnectionCard";
import { useColumns } from "./useColumns";
import { useConnections } from "./useConnections";

const AddModal = lazy(() => import("./AddModal"));

/** The bots, numbers, pages and websites on which people write to this workspace. */
export default function ConnectionsPage() {
  const { connections: say } = useConnectionWords();
  const list = useConnections();
  const [refused, setRefused] = useState<{ name: string; why: string } | null>(null);
  const onRefused = useCallback((name: string, why: string | null) => {
    setRefused(why === null ? null : { name, why });
  }, []);
  const choice = useColumnChoice("connections", useColumns(onRefused));
  const [adding, setAdding] = useState(false);
  const showAdding = () => {
    setAdding(true);
  };
  const empty = (
    <Blank icon={<IconPlugConnected size={32} stroke={1.5} />} title={say.emptyTitle} text={say.empty} action={{ label: say.add, onClick: showAdding }} />
  );

  return (
    <div className={classes.page}>
      <PageHead title={say.title} about={say.about}>
        <Button flex="none" leftSection={<IconPlus size={16} aria-hidden />} onClick={showAdding}>
          {say.add}
        </Button>
      </PageHead>
      <div className={classes.bar}>
        <ColumnMenu choice={choice} />
      </div>
      {refused && <Refused title={say.refused(refused.name)}>{refused.why}</Refused>}
      <OpenableList
        label={say.title}
        list={list}
        columns={choice.shown}
        empty={empty}
        tall
        card={(connection, close) => <ConnectionCard key={connection.id} connection={connection} onClose={close} />}
      />
      <Suspense>
        {adding && (
          <AddModal
            onClose={() => {
              setAdding(false);
            }}
          />
        )}
      </Suspense>
    </div>
  );
}
