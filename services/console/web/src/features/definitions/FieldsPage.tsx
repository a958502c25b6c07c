import { Button } from "@mantine/core";
import { IconForms, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { usePages } from "../../api/usePages";
import { Blank } from "../../ui/Blank";
import { ColumnMenu } from "../../ui/ColumnMenu";
import { useColumnChoice } from "../../ui/columns";
import classes from "../../ui/ListPage.module.css";
import { OpenableList } from "../../ui/OpenableList";
import { PageHead } from "../../ui/PageHead";
import { useProfileWords } from "../../words/profile";
import { FIELDS_KEY, getFields } from "./api";
import { FieldCard } from "./FieldCard";
import { useFieldColumns } from "./useFieldColumns";

/** Settings → Fields: what profiles hold besides. */
export default function FieldsPage() {
  const { fieldsPage: say } = useProfileWords();
  const list = usePages([...FIELDS_KEY, "list"], (_place, signal) => getFields(signal));
  const fields = list.data?.pages[0]?.items ?? [];
  const choice = useColumnChoice("fields", useFieldColumns(fields));
  const [adding, setAdding] = useState(false);
  const add = () => {
    setAdding(true);
  };
  return (
    <div className={classes.page}>
      <PageHead title={say.title} about={say.about}>
        <Button flex="none" leftSection={<IconPlus size={16} aria-hidden />} onClick={add}>
          {say.add}
        </Button>
      </PageHead>
      <div className={classes.bar}>
        <ColumnMenu choice={choice} />
      </div>
      <OpenableList
        label={say.title}
        list={list}
        columns={choice.shown}
        empty={<Blank icon={<IconForms size={32} stroke={1.5} />} title={say.emptyTitle} text={say.empty} action={{ label: say.add, onClick: add }} />}
        card={(field, close) => <FieldCard key={field.id} field={field} onClose={close} />}
      />
      {adding && (
        <FieldCard
          field={null}
          onClose={() => {
            setAdding(false);
          }}
        />
      )}
    </div>
  );
}
