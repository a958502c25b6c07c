import { Modal } from "@mantine/core";
import { IconShieldCheck } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { usePages } from "../../api/usePages";
import { Blank } from "../../ui/Blank";
import { ColumnMenu } from "../../ui/ColumnMenu";
import { useColumnChoice } from "../../ui/columns";
import classes from "../../ui/ListPage.module.css";
import { PageHead } from "../../ui/PageHead";
import { PeopleList } from "../../ui/PeopleList";
import { uniqueRows } from "../../ui/uniqueRows";
import { useStill } from "../../ui/useStill";
import { useWords } from "../../words";
import { usePrivacyWords } from "../../words/privacy";
import { type Erasure, getErasures } from "./api";
import { Certificate } from "./Certificate";
import { useColumns } from "./useColumns";

/** Settings → Erasures: the certificates of everybody who was erased. */
export default function ErasuresPage() {
  const say = usePrivacyWords();
  const { app } = useWords();
  const [open, setOpen] = useState<Erasure | null>(null);
  const list = usePages(["erasures", "list"], getErasures);
  const live = useStill();
  const choice = useColumnChoice("erasures", useColumns());
  const rows = useMemo(() => uniqueRows(list.data?.pages ?? []), [list.data]);
  return (
    <div className={classes.page}>
      <PageHead title={say.erasures} about={say.erasuresAbout} />
      <div className={classes.bar}>
        <ColumnMenu choice={choice} />
      </div>
      <PeopleList
        label={say.erasures}
        list={list}
        rows={rows}
        columns={choice.shown}
        live={live}
        total={{ count: list.data?.pages[0]?.total ?? 0, exact: true }}
        onOpen={setOpen}
        empty={<Blank icon={<IconShieldCheck size={32} stroke={1.5} />} title={say.nobodyErased} text={say.howToErase} />}
      />
      {open && (
        <Modal
          opened
          onClose={() => {
            setOpen(null);
          }}
          title={say.certificate}
          size="lg"
          styles={{ title: { fontWeight: 600 } }}
          closeButtonProps={{ "aria-label": app.close }}
        >
          <Certificate begun={open} />
        </Modal>
      )}
    </div>
  );
}
