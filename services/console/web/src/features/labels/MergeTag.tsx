import { Button, Group, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { type Label, mergeTags } from "../../api/labels";
import { asProblem } from "../../api/problem";
import { Ask } from "../../ui/Ask";
import { explained } from "../../ui/Failure";
import { LabelPicker } from "../../ui/LabelPicker";
import { Refused } from "../../ui/Refused";
import { useWords } from "../../words";
import { useLabelWords } from "../../words/labels";
import { useReadAgain } from "./useLabels";

/** Gives everybody who has this tag another one, and ends this one. */
export function MergeTag({ tag, onDone, onCancel }: { tag: Label; onDone: () => void; onCancel: () => void }) {
  const words = useWords();
  const say = useLabelWords();
  const readAgain = useReadAgain();
  const [into, setInto] = useState<Label | null>(null);
  const merging = useMutation({
    mutationFn: (id: string) => mergeTags(tag.id, id),
    onSuccess: async () => {
      await readAgain();
      onDone();
    },
  });
  return (
    <Stack gap="sm">
      <LabelPicker
        kind="tag"
        label={say.mergeInto}
        placeholder={say.mergeChoose}
        none={say.nothingFound}
        among={({ id }) => id !== tag.id}
        onPick={(picked) => {
          setInto(picked && "label" in picked ? picked.label : null);
        }}
      />
      {into ? (
        <Ask
          key={into.id}
          question={say.mergeQuestion(tag.name, into.name)}
          text={say.mergeHelp}
          count={tag.people ?? 0}
          confirm={say.mergeConfirm}
          loading={merging.isPending}
          onConfirm={() => {
            merging.mutate(into.id);
          }}
          onCancel={onCancel}
        />
      ) : (
        <>
          <Text size="sm" c="dimmed">
            {say.mergeHelp}
          </Text>
          <Group>
            <Button size="xs" variant="default" onClick={onCancel}>
              {words.app.cancel}
            </Button>
          </Group>
        </>
      )}
      {merging.error && <Refused>{explained(asProblem(merging.error), words).text}</Refused>}
    </Stack>
  );
}
