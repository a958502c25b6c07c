import { Button, Group, Stack, Text } from "@mantine/core";
import { IconArrowMerge, IconPencil, IconTrash } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Link } from "react-router";
import { changeLabel, deleteLabel, type Draft, type Label, type LabelKind } from "../../api/labels";
import { asProblem } from "../../api/problem";
import { Ask } from "../../ui/Ask";
import { Facts } from "../../ui/Facts";
import { explained } from "../../ui/Failure";
import { Refused } from "../../ui/Refused";
import { Side } from "../../ui/Side";
import { Time } from "../../ui/Time";
import { numberText } from "../../ui/times";
import { useSpeech } from "../../words";
import { useLabelWords } from "../../words/labels";
import { useMayEditPeople } from "../session";
import { LabelForm } from "./LabelForm";
import classes from "./labels.module.css";
import { MergeTag } from "./MergeTag";
import { RuleText } from "./RuleText";
import { KeptMark } from "./useColumns";
import { useLabel, useReadAgain } from "./useLabels";

type Doing = "looking" | "editing" | "merging" | "deleting";

/** A tag, a contact group or a segment: who has it, what it means, and its end. */
export function LabelCard({ kind, listed, onClose }: { kind: LabelKind; listed: Label; onClose: () => void }) {
  const { words } = useSpeech();
  const mayEdit = useMayEditPeople();
  const readAgain = useReadAgain();
  const [doing, setDoing] = useState<Doing>("looking");
  const one = useLabel(kind, listed);
  const label = one.data ?? listed;
  const say = useLabelWords();
  const look = () => {
    setDoing("looking");
  };
  const saving = useMutation({
    mutationFn: (draft: Draft) => changeLabel(kind, label.id, label.rev, draft),
    onSettled: readAgain,
    onSuccess: look,
  });
  const deleting = useMutation({
    mutationFn: () => deleteLabel(kind, label.id),
    onSuccess: async () => {
      await readAgain();
      onClose();
    },
  });
  const begin = (what: Doing) => () => {
    saving.reset();
    deleting.reset();
    setDoing(what);
  };
  return (
    <Side rowId={label.id} title={<bdi>{label.name}</bdi>} onClose={onClose} holds={doing !== "looking"}>
      <Stack gap="lg" data-testid="label-card">
        {doing === "editing" ? (
          <LabelForm
            kind={kind}
            draft={{ name: label.name, description: label.description, ...(label.color && { color: label.color }), ...(label.rule && { rule: label.rule }) }}
            confirm={say.save}
            pending={saving.isPending}
            problem={saving.error ? asProblem(saving.error) : null}
            onSave={(draft) => {
              saving.mutate(draft);
            }}
            onCancel={look}
          />
        ) : (
          <>
            <CardFacts kind={kind} label={label} />
            {doing === "deleting" && <Delete kind={kind} label={label} pending={deleting.isPending} onConfirm={deleting.mutate} onCancel={look} />}
            {doing === "merging" && <MergeTag tag={label} onDone={onClose} onCancel={look} />}
            {deleting.error && <Refused>{explained(asProblem(deleting.error), words).text}</Refused>}
            {mayEdit && doing === "looking" && (
              <Group gap="xs">
                <Act icon={<IconPencil size={16} aria-hidden />} name={say.edit} onClick={begin("editing")} />
                {kind === "tag" && <Act icon={<IconArrowMerge size={16} aria-hidden />} name={say.merge} onClick={begin("merging")} />}
                <Act icon={<IconTrash size={16} aria-hidden />} name={say.kinds[kind].remove} onClick={begin("deleting")} />
              </Group>
            )}
          </>
        )}
      </Stack>
    </Side>
  );
}

function Act({ icon, name, onClick }: { icon: ReactNode; name: string; onClick: () => void }) {
  return (
    <Button variant="default" leftSection={icon} onClick={onClick}>
      {name}
    </Button>
  );
}

function CardFacts({ kind, label }: { kind: LabelKind; label: Label }) {
  const { words, locale } = useSpeech();
  const say = useLabelWords();
  const text = numberText(label.people ?? 0, locale);
  const people = label.people_exact ? text : words.table.atLeast(text);
  const facts: (readonly [string, ReactNode])[] = [
    [
      say.kinds[kind].people,
      <Group key="people" gap="sm">
        <span data-testid="people">{label.people === null ? "…" : people}</span>
        <Link to={`/marketing/visitors?${kind}=${label.id}`}>{say.showPeople}</Link>
      </Group>,
    ],
    ...(label.kept ? [[say.howKept, <KeptMark key="kept" kept={label.kept} />] as const] : []),
    ...(label.rule ? [[say.rule, <RuleText key="rule" rule={label.rule} />] as const] : []),
    [
      say.description,
      <Text key="description" span dir="auto" className={classes.long ?? ""} c={label.description ? undefined : "dimmed"}>
        {label.description || say.noDescription}
      </Text>,
    ],
    [say.columns.created, <Time key="created" at={label.created_at} />],
  ];
  return <Facts facts={facts} />;
}

interface DeleteProps {
  kind: LabelKind;
  label: Label;
  pending: boolean;
  onConfirm: () => void;
  onCancel: () => void;
}

function Delete({ kind, label, pending, onConfirm, onCancel }: DeleteProps) {
  const { locale } = useSpeech();
  const labels = useLabelWords();
  const say = labels.kinds[kind];
  // Nobody is taken out of a segment that a filter keeps: nobody was put in.
  const count = label.rule ? 0 : (label.people ?? 0);
  return (
    <Ask
      question={say.removeQuestion(label.name)}
      text={say.removeText(labels.people(count, numberText(count, locale)))}
      count={count}
      confirm={say.remove}
      loading={pending}
      onConfirm={onConfirm}
      onCancel={onCancel}
    />
  );
}
