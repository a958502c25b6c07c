import { Button, Checkbox, Group, List, Modal, Paper, Skeleton, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { asProblem } from "../../../api/problem";
import { explained, Failure } from "../../../ui/Failure";
import { Refused } from "../../../ui/Refused";
import { useWords } from "../../../words";
import { useWhoIsWhoWords } from "../../../words/whoiswho";
import { fullName } from "../names";
import { acceptSuggestion } from "./acceptSuggestion";
import { type Choices, mergeClients } from "./mergeClients";
import { MergeRows } from "./MergeRows";
import { PickClient } from "./PickClient";
import { previewMerge } from "./previewMerge";
import { useReadAgain } from "./useReadAgain";
import type { Wish } from "./WhoIsWho";

interface Props {
  client: { id: string; name: string; surname?: string | null };
  wish: Wish;
  onClose: () => void;
}

/** Picks the other client, shows which value wins, and merges. */
export default function MergeModal({ client, wish, onClose }: Props) {
  const { app, clients } = useWords();
  const say = useWhoIsWhoWords();
  const [other, setOther] = useState(wish.other);
  return (
    <Modal opened onClose={onClose} size="xl" title={<span dir="auto">{fullName(client) || clients.nameless}: {say.merge}</span>} closeButtonProps={{ "aria-label": app.close }}>
      {other === null ? (
        <PickClient besides={client.id} onPick={setOther} />
      ) : (
        <Decide
          client={client}
          other={other}
          suggestion={wish.suggestion}
          onDone={onClose}
          onBack={
            wish.other === null
              ? () => {
                  setOther(null);
                }
              : onClose
          }
        />
      )}
    </Modal>
  );
}

interface DecideProps {
  client: Props["client"];
  other: NonNullable<Wish["other"]>;
  suggestion: string | null;
  onDone: () => void;
  onBack: () => void;
}

function Decide({ client, other, suggestion, onDone, onBack }: DecideProps) {
  const words = useWords();
  const say = useWhoIsWhoWords();
  const readAgain = useReadAgain();
  const [choices, setChoices] = useState<Choices>({});
  const [sure, setSure] = useState(false);
  const preview = useQuery({
    queryKey: ["clients", "merge-preview", client.id, other.id, choices],
    queryFn: ({ signal }) => previewMerge(client.id, other.id, choices, signal),
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
  const seen = preview.data;
  const merging = useMutation({
    mutationFn: () => {
      const accepts = seen?.warnings.map(({ code }) => code) ?? [];
      return suggestion === null
        ? mergeClients(client.id, { other: other.id, choices, accepts, rev: seen?.survivor.rev ?? null, other_rev: seen?.other.rev ?? null })
        : acceptSuggestion(suggestion, { survivor: client.id, choices, accepts });
    },
    onSuccess: async () => {
      await readAgain();
      onDone();
    },
    onError: () => void preview.refetch(),
  });
  if (preview.error && !seen) return <Failure error={preview.error} retry={() => void preview.refetch()} />;
  if (!seen) return <Skeleton height={220} />;
  const name = fullName(seen.other) || words.clients.nameless;
  return (
    <Stack gap="md" data-testid="merge-preview">
      <Text size="sm">{say.previewAbout(name)}</Text>
      <MergeRows
        rows={seen.rows}
        choices={choices}
        names={[fullName(seen.survivor), name]}
        onChoose={(field, side) => {
          setChoices({ ...choices, [field]: side });
        }}
      />
      {seen.warnings.length > 0 && (
        <Paper withBorder p="md" role="group" aria-labelledby="merge-against">
          <Stack gap="sm">
            <Group gap="xs">
              <IconAlertTriangle size={18} aria-hidden />
              <Text fw={600} id="merge-against">
                {say.against}
              </Text>
            </Group>
            <List size="sm">
              {seen.warnings.map(({ code, message }) => (
                <List.Item key={code}>{say.warnings[code] ?? message}</List.Item>
              ))}
            </List>
            <Checkbox
              label={say.sure}
              checked={sure}
              onChange={(event) => {
                setSure(event.currentTarget.checked);
              }}
            />
          </Stack>
        </Paper>
      )}
      {merging.error && <Refused>{explained(asProblem(merging.error), words).text}</Refused>}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onBack}>
          {suggestion === null ? say.back : words.app.cancel}
        </Button>
        <Button
          disabled={seen.warnings.length > 0 && !sure}
          loading={merging.isPending}
          onClick={() => {
            merging.mutate();
          }}
        >
          {say.confirm}
        </Button>
      </Group>
    </Stack>
  );
}
