import { Button } from "@mantine/core";
import { IconFolders, IconPlus, IconTags, IconUsersGroup } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useSearchParams } from "react-router";
import { getLabels, type LabelKind, LABELS_KEY } from "../../api/labels";
import { usePages } from "../../api/usePages";
import { Blank } from "../../ui/Blank";
import { ColumnMenu } from "../../ui/ColumnMenu";
import { useColumnChoice } from "../../ui/columns";
import classes from "../../ui/ListPage.module.css";
import { OpenableList } from "../../ui/OpenableList";
import { PageHead } from "../../ui/PageHead";
import { SearchBox } from "../../ui/SearchBox";
import { useWords } from "../../words";
import { useLabelWords } from "../../words/labels";
import { useMayEditPeople } from "../session";
import { LabelCard } from "./LabelCard";
import { useColumns } from "./useColumns";

const LabelModal = lazy(() => import("./LabelModal"));
const ICONS = { tag: IconTags, group: IconUsersGroup, segment: IconFolders };

/** Marketing → Tags, Contact groups or Segments: all of one kind, by name. */
export function LabelsPage({ kind }: { kind: LabelKind }) {
  const labels = useLabelWords();
  const { table } = useWords();
  const say = labels.kinds[kind];
  const mayEdit = useMayEditPeople();
  const [params, setParams] = useSearchParams();
  const [making, setMaking] = useState(false);
  const search = params.get("search")?.trim() ?? "";
  const list = usePages([...LABELS_KEY, kind, "list", search], (place, signal) => getLabels(kind, { ...place, search, people: true }, signal));
  const choice = useColumnChoice(`labels-${kind}`, useColumns(kind));
  const find = (wanted: string) => {
    setParams(wanted ? { search: wanted } : {}, { replace: true });
  };
  const show = () => {
    setMaking(true);
  };
  const clear = () => {
    find("");
  };
  const Icon = ICONS[kind];
  const empty = search ? (
    <Blank title={labels.noneTitle(search)} text={labels.none} action={{ label: table.clear, onClick: clear }} />
  ) : (
    <Blank icon={<Icon size={32} stroke={1.5} />} title={say.emptyTitle} text={say.empty} action={mayEdit ? { label: say.add, onClick: show } : undefined} />
  );
  return (
    <div className={classes.page}>
      <PageHead title={say.title} about={say.about}>
        {mayEdit && (
          <Button flex="none" leftSection={<IconPlus size={16} aria-hidden />} onClick={show}>
            {say.add}
          </Button>
        )}
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
        card={(label, close) => <LabelCard key={label.id} kind={kind} listed={label} onClose={close} />}
      />
      <Suspense>
        {making && (
          <LabelModal
            kind={kind}
            onClose={() => {
              setMaking(false);
            }}
          />
        )}
      </Suspense>
    </div>
  );
}
