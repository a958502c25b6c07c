import { ActionIcon, Button, Group, Modal, NativeSelect, Skeleton, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { asProblem } from "../../api/problem";
import { REQUESTS_KEY } from "../../api/requests";
import { explained } from "../../ui/Failure";
import { Refused } from "../../ui/Refused";
import { useSpeech } from "../../words";
import { useRequestWords } from "../../words/requests";
import { type OwnStatuses, type Statuses, setStatuses } from "./api";
import { useStatuses } from "./useRequests";

type Own = OwnStatuses["own"][number];

/** The workspace's own statuses, for admins. */
export default function StatusesModal({ onClose }: { onClose: () => void }) {
  const { words } = useSpeech();
  const { requests: say } = useRequestWords();
  const statuses = useStatuses();
  return (
    <Modal opened onClose={onClose} title={say.ownStatuses} styles={{ title: { fontWeight: 600 } }} closeButtonProps={{ "aria-label": words.app.close }}>
      {statuses.data ? <Editor key={statuses.data.rev} statuses={statuses.data} onClose={onClose} /> : <Skeleton height={160} />}
    </Modal>
  );
}

function Editor({ statuses, onClose }: { statuses: Statuses; onClose: () => void }) {
  const { words, language } = useSpeech();
  const { requests: say } = useRequestWords();
  const client = useQueryClient();
  const [own, setOwn] = useState<Own[]>(() =>
    statuses.items.filter(({ built_in: builtIn, removed }) => !builtIn && !removed).map(({ id, label, counts_as }) => ({ id, label, counts_as })),
  );
  const saving = useMutation({
    mutationFn: () => setStatuses({ own, rev: statuses.rev }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: [...REQUESTS_KEY, "statuses"] });
      onClose();
    },
  });
  const problem = saving.error && asProblem(saving.error);
  const set = (place: number, part: Partial<Own>) => {
    setOwn((before) => before.map((one, at) => (at === place ? { ...one, ...part } : one)));
    saving.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!saving.isPending) saving.mutate();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {say.ownAbout}
        </Text>
        {own.map((one, place) => {
          const name = one.label[language] ?? Object.values(one.label)[0] ?? "";
          return (
            <Group key={one.id ?? String(place)} align="flex-end" gap="xs" wrap="nowrap">
              <TextInput
                flex={1}
                label={say.statusName}
                dir="auto"
                maxLength={80}
                value={name}
                error={problem?.fields.find(({ field }) => field.startsWith(`own.${String(place)}.`))?.message}
                onChange={(event) => {
                  set(place, { label: { ...one.label, [language]: event.currentTarget.value } });
                }}
              />
              <NativeSelect
                label={say.countsAs}
                value={one.counts_as}
                data={(["open", "done"] as const).map((value) => ({ value, label: say.counts[value] ?? value }))}
                onChange={(event) => {
                  set(place, { counts_as: event.currentTarget.value === "done" ? "done" : "open" });
                }}
              />
              <ActionIcon
                mb={6}
                variant="subtle"
                color="gray"
                aria-label={say.removeStatus(name)}
                onClick={() => {
                  setOwn((before) => before.filter((_, at) => at !== place));
                }}
              >
                <IconX size={16} aria-hidden />
              </ActionIcon>
            </Group>
          );
        })}
        <Button
          variant="subtle"
          w="fit-content"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => {
            setOwn((before) => [...before, { label: { [language]: "" }, counts_as: "open" }]);
          }}
        >
          {say.addStatus}
        </Button>
        {problem && problem.fields.length === 0 && <Refused title={say.refused}>{explained(problem, words).text}</Refused>}
        <Group gap="xs">
          <Button type="submit" loading={saving.isPending}>
            {say.save}
          </Button>
          <Button variant="default" onClick={onClose}>
            {words.app.cancel}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
