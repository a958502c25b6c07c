import { Button, Menu } from "@mantine/core";
import { IconArrowMerge, IconBan, IconChevronDown, IconFolderMinus, IconFolderPlus, IconTag, IconTagOff, IconTrash, IconUserMinus, IconUserPlus } from "@tabler/icons-react";
import { lazy, Suspense, useRef, useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import type { Whom } from "../../api/jobs";
import type { Rule } from "../../api/labels";
import { numberText } from "../../ui/times";
import { useSpeech } from "../../words";
import { useJobWords } from "../../words/jobs";
import { useSession } from "../session";
import type { LabelAction } from "./ActionModal";
import classes from "./actions.module.css";
import type { EndAction } from "./EndAsk";
import { type Selection, useSelected } from "./selection";

const ActionModal = lazy(() => import("./ActionModal"));
const EndAsk = lazy(() => import("./EndAsk"));

const KINDS: readonly { kind: LabelAction; Icon: typeof IconTag; needs: "people:tag" | "people:write" }[] = [
  { kind: "tag", Icon: IconTag, needs: "people:tag" },
  { kind: "untag", Icon: IconTagOff, needs: "people:tag" },
  { kind: "group", Icon: IconUserPlus, needs: "people:write" },
  { kind: "ungroup", Icon: IconUserMinus, needs: "people:write" },
  { kind: "segment", Icon: IconFolderPlus, needs: "people:write" },
  { kind: "unsegment", Icon: IconFolderMinus, needs: "people:write" },
];
const ENDS: readonly { kind: EndAction; Icon: typeof IconTag }[] = [
  { kind: "blacklist", Icon: IconBan },
  { kind: "delete", Icon: IconTrash },
];

export interface ChosenProps {
  /** Where the list is; a profile opens over it at `<base>/<id>`. */
  base: string;
  selection: Selection;
  /** What the list is filtered by: all that match are meant by it. */
  filter: Rule;
  total: { count: number; exact: boolean };
}

/** Who is chosen, and what may be done to them. */
export default function Chosen({ base, selection, filter, total }: ChosenProps) {
  const say = useJobWords();
  const { words, locale } = useSpeech();
  const { user } = useSession();
  const { ids, all, shown } = useSelected(selection);
  const [doing, setDoing] = useState<LabelAction | null>(null);
  const [ending, setEnding] = useState<EndAction | null>(null);
  const menu = useRef<HTMLButtonElement>(null);
  const go = useNavigate();
  const [params] = useSearchParams();
  const mayWrite = user?.scopes.includes("people:write") ?? false;
  const whom: Whom = all ? { filter } : { ids: [...ids] };
  const about = { whom, count: all ? total.count : ids.size, exact: !all || total.exact };
  const offered = KINDS.filter(({ needs }) => user?.scopes.includes(needs));
  const [one, other, ...more] = all ? [] : [...ids];
  const two = one !== undefined && other !== undefined && more.length === 0 ? { one, other } : null;
  const started = () => {
    setDoing(null);
    setEnding(null);
    selection.clear();
    // What had the focus is gone with the selection.
    document.getElementById("main")?.focus({ preventScroll: true });
  };
  /** The client's own page merges: the first that was chosen stays. */
  const merge = ({ one: survivor, other: absorbed }: { one: string; other: string }) => {
    const asked = new URLSearchParams(params);
    asked.set("merge", absorbed);
    selection.clear();
    void go({ pathname: `${base}/${survivor}`, search: asked.toString() });
  };
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
      <Menu shadow="md" position="bottom-start" withinPortal withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <Button ref={menu} size="compact-md" rightSection={<IconChevronDown size={16} aria-hidden />}>
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
          {mayWrite && (
            <>
              <Menu.Divider />
              <Menu.Item
                leftSection={<IconArrowMerge size={16} stroke={1.75} aria-hidden />}
                disabled={!two}
                onClick={() => {
                  if (two) merge(two);
                }}
              >
                {two ? say.merge : say.mergeNeedsTwo}
              </Menu.Item>
              {ENDS.map(({ kind, Icon }) => (
                <Menu.Item
                  key={kind}
                  className={classes.danger ?? ""}
                  leftSection={<Icon size={16} stroke={1.75} aria-hidden />}
                  onClick={() => {
                    setEnding(kind);
                  }}
                >
                  {say.kinds[kind]}
                </Menu.Item>
              ))}
            </>
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
      <Suspense>
        {doing && (
          <ActionModal
            kind={doing}
            {...about}
            onClose={() => {
              setDoing(null);
            }}
            onStarted={started}
          />
        )}
        {ending && (
          <EndAsk
            key={ending}
            kind={ending}
            {...about}
            onCancel={() => {
              setEnding(null);
              menu.current?.focus();
            }}
            onStarted={started}
          />
        )}
      </Suspense>
    </section>
  );
}
