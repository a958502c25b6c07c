import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Link } from "react-router";
import { LABELS_KEY, makeLabel, type Rule } from "../../api/labels";
import { asProblem } from "../../api/problem";
import { explained } from "../../ui/Failure";
import { Refused } from "../../ui/Refused";
import { useWords } from "../../words";
import { useLabelWords } from "../../words/labels";

/** Asks what the segment is to be called. */
export default function SegmentModal({ filter, onClose }: { filter: Rule; onClose: () => void }) {
  const words = useWords();
  const say = useLabelWords();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [wrong, setWrong] = useState<string>();
  const [saved, setSaved] = useState<string>();
  const saving = useMutation({
    mutationFn: () => makeLabel("segment", { name: name.trim(), description: "", rule: filter }),
    onSuccess: async ({ label, isNew }) => {
      if (isNew) setSaved(label.name);
      else setWrong(say.saveFilterThere(label.name));
      await client.invalidateQueries({ queryKey: LABELS_KEY });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setWrong(name.trim() ? undefined : say.nameMissing);
    if (name.trim()) saving.mutate();
  };
  return (
    <Modal opened onClose={onClose} title={say.saveFilterTitle} styles={{ title: { fontWeight: 600 } }} closeButtonProps={{ "aria-label": words.app.close }}>
      {saved === undefined ? (
        <form onSubmit={submit} noValidate>
          <Stack gap="md">
            <Text c="dimmed">{say.saveFilterAbout}</Text>
            <TextInput
              label={say.name}
              data-autofocus
              dir="auto"
              autoComplete="off"
              maxLength={64}
              value={name}
              error={wrong}
              errorProps={{ role: "alert" }}
              onChange={(event) => {
                setName(event.currentTarget.value);
                setWrong(undefined);
              }}
            />
            {saving.error && <Refused>{explained(asProblem(saving.error), words).text}</Refused>}
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={onClose}>
                {words.app.cancel}
              </Button>
              <Button type="submit" loading={saving.isPending}>
                {say.save}
              </Button>
            </Group>
          </Stack>
        </form>
      ) : (
        <Stack gap="md">
          <Text role="status">{say.saveFilterDone(saved)}</Text>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" component={Link} to="/marketing/segments">
              {say.toSegments}
            </Button>
            <Button data-autofocus onClick={onClose}>
              {words.app.done}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
