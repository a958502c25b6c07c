import { useQuery } from "@tanstack/react-query";
import { getLabel, type LabelKind, LABELS_KEY, type Rule } from "../../api/labels";
import { Channel } from "../../ui/channels";
import { TagBadge } from "../../ui/TagBadge";
import { useLabelWords } from "../../words/labels";
import classes from "./labels.module.css";

const LISTS = [
  ["tag", "tag"],
  ["not_tag", "tag"],
  ["group", "group"],
  ["segment", "segment"],
] as const;

/** A filter in words. */
export function RuleText({ rule }: { rule: Rule }) {
  const say = useLabelWords();
  const { ruleFields: fields } = say;
  const lists = LISTS.filter(([name]) => (rule[name] ?? []).length > 0);
  const said = [
    rule.search && (
      <div key="search" className={classes.rule}>
        {fields.search}: <bdi>{rule.search}</bdi>
      </div>
    ),
    ...(["registered", "refused"] as const).map(
      (name) =>
        typeof rule[name] === "boolean" && (
          <div key={name} className={classes.rule}>
            {fields[name]}: {rule[name] ? say.yes : say.no}
          </div>
        ),
    ),
    rule.source && rule.source.length > 0 && (
      <div key="source" className={classes.rule}>
        {fields.source}: {rule.source.map((channel) => <Channel key={channel} channel={channel} />)}
      </div>
    ),
    ...lists.map(([name, kind]) => (
      <div key={name} className={classes.rule}>
        {fields[name]}: {(rule[name] ?? []).map((id) => <Named key={id} kind={kind} id={id} />)}
      </div>
    )),
  ].filter(Boolean);
  return <div>{said.length > 0 ? said : say.everybody}</div>;
}

function Named({ kind, id }: { kind: LabelKind; id: string }) {
  const { data } = useQuery({ queryKey: [...LABELS_KEY, kind, "one", id], queryFn: ({ signal }) => getLabel(kind, id, signal), staleTime: 10_000 });
  if (!data) return <span>…</span>;
  return kind === "tag" ? <TagBadge tag={{ id, name: data.name, color: data.color ?? null }} /> : <bdi>{data.name}</bdi>;
}
