import { Button, Menu } from "@mantine/core";
import { IconChevronDown, IconDownload, IconFolderMinus, IconFolderPlus, IconTag, IconTagOff, IconUserMinus, IconUserPlus } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import type { JobKind, Whom } from "../../api/jobs";
import type { Rule } from "../../api/labels";
import { asProblem } from "../../api/problem";
import { explained } from "../../ui/Failure";
import { Refused } from "../../ui/Refused";
import { numberText } from "../../ui/times";
import { useSpeech } from "../../words";
import { useJobWords } from "../../words/jobs";
import { useSession } from "../session";
import { exportClients } from "./exportClients";
import classes from "./actions.module.css";
import { type Selection, useSelected } from "./selection";

const ActionModal = lazy(() => import("./ActionModal"));

const KINDS: readonly { kind: JobKind; Icon: typeof IconTag; needs: "people:tag" | "people:write" }[] = [
  { kind: "tag", Icon: IconTag, needs: "people:tag" },
  { kind: "untag", Icon: IconTagOff, needs: "people:tag" },
  { kind: "group", Icon: IconUserPlus, needs: "people:write" },
  { kind: "ungroup", Icon: IconUserMinus, needs: "people:write" },
  { kind: "segment", Icon: IconFolderPlus, needs: "people:write" },
  { kind: "unsegment", Icon: IconFolderMinus, needs: "people:write" },
];

export interface ChosenProps {
  selection: Selection;
  /** What the list is filtered by: all that match are meant by it. */
  filter: Rule;
  total: { count: number; exact: boolean };
}

/** Who is chosen, and what may be done to them. */
export default function Chosen({ selection, filter, total }: ChosenProps) {
  const say = useJobWords();
  const { words, locale } = useSpeech();
  const { user } = useSession();
  const { ids, all, shown } = useSelected(selection);
  const [doing, setDoing] = useState<JobKind | null>(null);
  const exporting = useMutation({ mutationFn: exportClients });
  const mayExport = user?.scopes.includes("people:export") ?? false;
  const whom: Whom = all ? { filter } : { ids: [...ids] };
  const offered = KINDS.filter(({ needs }) => user?.scopes.includes(needs));
  if (!all && ids.size === 0) return null;
  const everybody = total.exact ? numberText(total.count, locale) : words.table.atLeast(numberText(total.count, locale));
  return (
    <section className={classes.bar} aria-label={say.bar} data-testid="selection">
      <span className={classes.count} role="status">
        {all ? say.selectedAll(everybody) : say.selected(numberText(ids.size, locale))}
      </span>
      {!all && total.count > shown.length && (
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={() => {
            selection.chooseAll();
          }}
        >
          {say.selectAll(everybody)}
        </Button>
      )}
      <Menu shadow="md" position="bottom-start" withinPortal>
        <Menu.Target>
          <Button size="compact-md" loading={exporting.isPending} rightSection={<IconChevronDown size={16} aria-hidden />}>
            {say.actions}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {offered.map(({ kind, Icon }) => (
            <Menu.Item
              key={kind}
              leftSection={<Icon size={16} stroke={1.75} aria-hidden />}
              onClick={() => {
                setDoing(kind);
              }}
            >
              {say.kinds[kind]}
            </Menu.Item>
          ))}
          {mayExport && (
            <Menu.Item
              leftSection={<IconDownload size={16} stroke={1.75} aria-hidden />}
              disabled={exporting.isPending}
              onClick={() => {
                exporting.mutate(whom);
              }}
            >
              {say.export}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <Button
        size="compact-sm"
        variant="subtle"
        onClick={() => {
          selection.clear();
        }}
      >
        {say.clear}
      </Button>
      {exporting.error && <Refused title={say.exportFailed}>{explained(asProblem(exporting.error), words).text}</Refused>}
      <Suspense>
        {doing && (
          <ActionModal
            kind={doing}
            whom={whom}
            count={all ? total.count : ids.size}
            exact={!all || total.exact}
            onClose={() => {
              setDoing(null);
            }}
            onStarted={() => {
              setDoing(null);
              selection.clear();
            }}
          />
        )}
      </Suspense>
    </section>
  );
}
