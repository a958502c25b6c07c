import { Button, Select } from "@mantine/core";
import { IconBan, IconPlus } from "@tabler/icons-react";
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
import { useBlacklistWords } from "../../words/blacklist";
import { useSession } from "../session";
import type { What } from "./getRefusals";
import { RefusalCard } from "./RefusalCard";
import { useColumns } from "./useColumns";
import { useRefusals } from "./useRefusals";

const RefuseModal = lazy(() => import("./RefuseModal"));
const WHATS: readonly What[] = ["blacklisted", "spam", "unsubscribed"];

/** Contacts → Blacklist: whom nothing is sent to. */
export default function BlacklistPage() {
  const { table } = useWords();
  const say = useBlacklistWords();
  const { user } = useSession();
  const [params, setParams] = useSearchParams();
  const search = params.get("search")?.trim() ?? "";
  const what = WHATS.find((one) => one === params.get("what")) ?? null;
  const list = useRefusals(search, what);
  const choice = useColumnChoice("blacklist", useColumns());
  const [adding, setAdding] = useState(false);
  const ask = (asked: { search?: string; what?: string | null }) => {
    const wanted = { search, what, ...asked };
    setParams({ ...(wanted.search && { search: wanted.search }), ...(wanted.what && { what: wanted.what }) }, { replace: true });
  };
  const clear = () => {
    ask({ search: "", what: null });
  };
  const add = () => {
    setAdding(true);
  };
  const mayChange = user?.scopes.includes("people:write") ?? false;
  const empty =
    search || what ? (
      <Blank title={say.noneTitle} text={say.none} action={{ label: table.clear, onClick: clear }} />
    ) : (
      <Blank icon={<IconBan size={32} stroke={1.5} />} title={say.emptyTitle} text={say.empty} action={mayChange ? { label: say.add, onClick: add } : undefined} />
    );
  return (
    <div className={classes.page}>
      <PageHead title={say.title} about={say.about}>
        {mayChange && (
          <Button flex="none" leftSection={<IconPlus size={16} aria-hidden />} onClick={add}>
            {say.add}
          </Button>
        )}
      </PageHead>
      <div className={classes.bar}>
        <SearchBox
          label={say.search}
          value={search}
          onSearch={(wanted) => {
            ask({ search: wanted });
          }}
        />
        <Select
          aria-label={say.which}
          value={what ?? "all"}
          allowDeselect={false}
          w={180}
          data={[{ value: "all", label: say.all }, ...WHATS.map((one) => ({ value: one, label: say.whats[one] ?? one }))]}
          onChange={(chosen) => {
            ask({ what: chosen === "all" ? null : chosen });
          }}
        />
        <ColumnMenu choice={choice} />
      </div>
      <OpenableList label={say.title} list={list} columns={choice.shown} empty={empty} card={(one, close) => <RefusalCard key={one.id} refusal={one} onClose={close} />} />
      <Suspense>
        {adding && (
          <RefuseModal
            onClose={() => {
              setAdding(false);
            }}
          />
        )}
      </Suspense>
    </div>
  );
}
