import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { JOBS_KEY, startJobs, type Whom } from "../../api/jobs";
import { type LabelKind, LABELS_KEY, makeLabel } from "../../api/labels";
import { asProblem } from "../../api/problem";
import { explained } from "../../ui/Failure";
import { LabelPicker, type Picked } from "../../ui/LabelPicker";
import { Refused } from "../../ui/Refused";
import { numberText } from "../../ui/times";
import { useSpeech } from "../../words";
import { useJobWords } from "../../words/jobs";
import { useMayEditPeople } from "../session";

export type LabelAction = "tag" | "untag" | "group" | "ungroup" | "segment" | "unsegment";

const LABELS: Record<LabelAction, LabelKind> = { tag: "tag", untag: "tag", group: "group", ungroup: "group", segment: "segment", unsegment: "segment" };
const GIVES: ReadonlySet<LabelAction> = new Set(["tag", "group", "segment"]);

interface Props {
  kind: LabelAction;
  whom: Whom;
  count: number;
  exact: boolean;
  onStarted: () => void;
  onClose: () => void;
}

/** Asks for the tag, the group or the segment; then it is done in the background. */
export default function ActionModal({ kind, whom, count, exact, onStarted, onClose }: Props) {
  const { words, locale } = useSpeech();
  const say = useJobWords();
  const mayEdit = useMayEditPeople();
  const client = useQueryClient();
  const [picked, setPicked] = useState<Picked | null>(null);
  const [lacks, setLacks] = useState(false);
  // One key for as long as the question stands: sent twice, it is done once.
  const [key] = useState(() => crypto.randomUUID());
  const label = LABELS[kind];
  const starting = useMutation({
    mutationFn: async (what: Picked) => {
      const id = "label" in what ? what.label.id : (await makeLabel(label, { name: what.name, description: "" })).label.id;
      await startJobs({ kind, id }, whom, `${key}-${id}`);
    },
    onSuccess: async () => {
      await Promise.all([client.invalidateQueries({ queryKey: JOBS_KEY }), client.invalidateQueries({ queryKey: LABELS_KEY })]);
      onStarted();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setLacks(picked === null);
    if (picked) starting.mutate(picked);
  };
  const mayMake = GIVES.has(kind) && (label === "tag" || mayEdit);
  const text = numberText(count, locale);
  return (
    <Modal opened onClose={onClose} title={say.kinds[kind]} styles={{ title: { fontWeight: 600 } }} closeButtonProps={{ "aria-label": words.app.close }}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <LabelPicker
            kind={label}
            label={say.choose[label]}
            placeholder={say.choose[label]}
            description={mayMake ? say.chooseHelp : say.chooseOld}
            none={say.none}
            {...(mayMake && { make: say.make })}
            among={({ kept }) => kept !== "by_rule"}
            error={lacks ? say.missing : undefined}
            onPick={(what) => {
              setPicked(what);
              setLacks(false);
            }}
          />
          <Text size="sm" c="dimmed">
            {say.about(say.people(count, exact ? text : words.table.atLeast(text)))}
          </Text>
          {starting.error && <Refused>{explained(asProblem(starting.error), words).text}</Refused>}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {words.app.cancel}
            </Button>
            <Button type="submit" loading={starting.isPending}>
              {say.confirm}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
