import { Button } from "@mantine/core";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useSearchParams } from "react-router";
import { Blank } from "../../ui/Blank";
import { ColumnMenu } from "../../ui/ColumnMenu";
import { useColumnChoice } from "../../ui/columns";
import classes from "../../ui/ListPage.module.css";
import { OpenableList } from "../../ui/OpenableList";
import { PageHead } from "../../ui/PageHead";
import { SearchBox } from "../../ui/SearchBox";
import { useWords } from "../../words";
import { KeyCard } from "./KeyCard";
import { useColumns } from "./useColumns";
import { useKeys } from "./useKeys";

const KeyModal = lazy(() => import("./KeyModal"));

/** The keys that programs call with. */
export default function ApiKeysPage() {
  const { apiKeys: say, table } = useWords();
  const [params, setParams] = useSearchParams();
  const search = params.get("search")?.trim() ?? "";
  const list = useKeys(search);
  const choice = useColumnChoice("api-keys", useColumns());
  const [making, setMaking] = useState(false);
  const find = (wanted: string) => {
    setParams(wanted ? { search: wanted } : {}, { replace: true });
  };
  const clear = () => {
    find("");
  };
  const showMaking = () => {
    setMaking(true);
  };
  const empty = search ? (
    <Blank title={say.noneTitle(search)} text={say.none} action={{ label: table.clear, onClick: clear }} />
  ) : (
    <Blank icon={<IconKey size={32} stroke={1.5} />} title={say.emptyTitle} text={say.empty} action={{ label: say.make, onClick: showMaking }} />
  );

  return (
    <div className={classes.page}>
      <PageHead title={say.title} about={say.about}>
        <Button flex="none" leftSection={<IconPlus size={16} aria-hidden />} onClick={showMaking}>
          {say.make}
        </Button>
      </PageHead>
      <div className={classes.bar}>
        <SearchBox label={say.search} value={search} onSearch={find} />
        <ColumnMenu choice={choice} />
      </div>
      <OpenableList
        label={say.title}
        list={list}
        columns={choice.shown}
        empty={empty}
        card={(apiKey, close) => <KeyCard key={apiKey.id} apiKey={apiKey} onClose={close} />}
      />
      <Suspense>
        {making && (
          <KeyModal
            onClose={() => {
              setMaking(false);
            }}
          />
        )}
      </Suspense>
    </div>
  );
}
