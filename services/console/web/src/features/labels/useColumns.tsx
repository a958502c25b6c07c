import { IconFilter, IconHandClick } from "@tabler/icons-react";
import { useMemo } from "react";
import type { Label, LabelKind } from "../../api/labels";
import type { Column } from "../../ui/columns";
import { Cut } from "../../ui/Cut";
import { TagBadge } from "../../ui/TagBadge";
import { Time } from "../../ui/Time";
import { numberText } from "../../ui/times";
import { useSpeech } from "../../words";
import { useLabelWords } from "../../words/labels";
import classes from "./labels.module.css";

export function useColumns(kind: LabelKind): Column<Label>[] {
  const labels = useLabelWords();
  const { locale, words } = useSpeech();
  return useMemo(() => {
    const { columns } = labels;
    const people = ({ people: count, people_exact: exact }: Label) => {
      const text = numberText(count ?? 0, locale);
      return <span className={classes.number}>{count === null ? "" : exact ? text : words.table.atLeast(text)}</span>;
    };
    return [
      {
        id: "name",
        title: columns.name,
        width: 220,
        narrow: 160,
        always: true,
        pin: "start",
        render: (label) => (kind === "tag" ? <TagBadge tag={{ id: label.id, name: label.name, color: label.color ?? null }} /> : <Cut className={classes.name ?? ""}>{label.name}</Cut>),
      },
      { id: "people", title: columns.people, width: 110, render: people },
      ...(kind === "segment" ? [{ id: "kept", title: columns.kept, width: 130, render: (label: Label) => label.kept && <KeptMark kept={label.kept} /> }] : []),
      { id: "description", title: columns.description, width: 320, wide: true, render: ({ description }: Label) => <Cut>{description}</Cut> },
      { id: "created", title: columns.created, width: 140, wide: true, render: ({ created_at: at }: Label) => <Time at={at} /> },
    ];
  }, [kind, labels, locale, words]);
}

/** Whether a segment is kept by hand or by a filter. */
export function KeptMark({ kept }: { kept: "by_hand" | "by_rule" }) {
  const labels = useLabelWords();
  const Icon = kept === "by_rule" ? IconFilter : IconHandClick;
  return (
    <span className={classes.kept}>
      <Icon size={15} stroke={1.75} aria-hidden />
      {labels.kept[kept]}
    </span>
  );
}
