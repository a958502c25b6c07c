import { Alert, Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { IconFilterPlus } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { asProblem } from "../../../api/problem";
import { explained } from "../../../ui/Failure";
import { useWords } from "../../../words";
import { usePeopleWords } from "../../../words/people";
import type { Filters } from "../filters";
import { saveSegment } from "./saveSegment";

/** Saves what the list is filtered by as a segment, which whoever matches later is in, too. */
export function SaveSegment({ filters, onSaved }: { filters: Filters; onSaved: (segmentId: string) => void }) {
  const words = useWords();
  const { filters: say, segment } = usePeopleWords();
  const cache = useQueryClient();
  const [opened, setOpened] = useState(false);
  const [name, setName] = useState("");
  const [missing, setMissing] = useState(false);
  const save = useMutation({
    mutationFn: () => saveSegment(name, filters),
    onSuccess: ({ id }) => {
      void cache.invalidateQueries({ queryKey: ["labels", "segment"] });
      void cache.invalidateQueries({ queryKey: ["segments"] });
      setOpened(false);
      setName("");
      onSaved(id);
    },
  });
  const problem = save.error ? asProblem(save.error) : null;
  const refused = problem?.fields.find(({ field }) => field === "name")?.message;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMissing(!name.trim());
    if (name.trim() && !save.isPending) save.mutate();
  };
  return (
    <>
      <Button
        variant="subtle"
        leftSection={<IconFilterPlus size={16} aria-hidden />}
        onClick={() => {
          setOpened(true);
        }}
      >
        {say.saveSegment}
      </Button>
      <Modal
        opened={opened}
        onClose={() => {
          setOpened(false);
        }}
        title={say.saveSegment}
        closeButtonProps={{ "aria-label": words.app.close }}
      >
        <form onSubmit={submit} noValidate>
          <Stack gap="md">
            <Text c="dimmed">{segment.about}</Text>
            {problem && !refused && (
              <Alert color="red" variant="light" role="alert" title={explained(problem, words).title}>
                {explained(problem, words).text}
              </Alert>
            )}
            <TextInput
              data-autofocus
              required
              label={segment.name}
              value={name}
              maxLength={64}
              dir="auto"
              autoComplete="off"
              error={missing ? segment.nameMissing : refused}
              onChange={(event) => {
                setName(event.currentTarget.value);
                setMissing(false);
                save.reset();
              }}
            />
            <Group gap="xs">
              <Button type="submit" loading={save.isPending}>
                {segment.save}
              </Button>
              <Button
                variant="default"
                onClick={() => {
                  setOpened(false);
                }}
              >
                {words.app.cancel}
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
