import { Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { IconCheck, IconX } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { asProblem } from "../../../api/problem";
import { explained } from "../../../ui/Failure";
import { Refused } from "../../../ui/Refused";
import { Time } from "../../../ui/Time";
import { useWords } from "../../../words";
import { useWhoIsWhoWords } from "../../../words/whoiswho";
import { fullName } from "../names";
import { declineSuggestion } from "./declineSuggestion";
import { getSuggestions, type Suggestion } from "./getSuggestions";
import { useReadAgain } from "./useReadAgain";
import type { Wish } from "./WhoIsWho";

interface Props {
  clientId: string;
  mayChange: boolean;
  onAccept: (wish: Wish) => void;
}

/** Who may be the same person. A claim never merges: somebody says so, or says that they are two. */
export function Suggestions({ clientId, mayChange, onAccept }: Props) {
  const words = useWords();
  const say = useWhoIsWhoWords();
  const readAgain = useReadAgain();
  const waiting = useQuery({ queryKey: ["clients", "suggestions", clientId], queryFn: ({ signal }) => getSuggestions(clientId, signal) });
  const declining = useMutation({ mutationFn: declineSuggestion, onSettled: readAgain });
  const refused = declining.error ?? waiting.error;
  return (
    <>
      {(waiting.data?.length ?? 0) > 0 && (
        <Stack gap="xs">
          <Title order={3} size="h5">
            {say.suggestions}
          </Title>
          <Text c="dimmed" size="sm">
            {say.suggestionsAbout}
          </Text>
          {waiting.data?.map((one) => (
            <Maybe
              key={one.id}
              suggestion={one}
              other={one.client.id === clientId ? one.other : one.client}
              mayChange={mayChange}
              deciding={declining.isPending}
              onAccept={onAccept}
              onDecline={() => {
                declining.mutate(one.id);
              }}
            />
          ))}
        </Stack>
      )}
      <Text size="sm" c="dimmed" role="status">
        {declining.isSuccess ? say.declined : ""}
      </Text>
      {refused && <Refused>{explained(asProblem(refused), words).text}</Refused>}
    </>
  );
}

interface MaybeProps {
  suggestion: Suggestion;
  other: Suggestion["other"];
  mayChange: boolean;
  deciding: boolean;
  onAccept: (wish: Wish) => void;
  onDecline: () => void;
}

function Maybe({ suggestion, other, mayChange, deciding, onAccept, onDecline }: MaybeProps) {
  const say = useWhoIsWhoWords();
  const { clients } = useWords();
  const name = fullName(other) || clients.nameless;
  return (
    <Paper withBorder p="sm" data-testid="suggestion">
      <Stack gap="xs">
        <Text fw={600} dir="auto">
          {say.maybe(name)}
        </Text>
        {suggestion.about.map((about) => (
          <Text key={`${about.kind}:${about.value}:${about.at}`} size="sm">
            <bdi>{fullName(suggestion.client) || clients.nameless}</bdi> {say.reasons[about.reason] ?? about.reason}: <bdi>{about.value}</bdi>{" "}
            <Text span c="dimmed" size="xs">
              <Time at={about.at} />
            </Text>
          </Text>
        ))}
        {mayChange && (
          <Group gap="xs">
            <Button
              size="xs"
              leftSection={<IconCheck size={16} aria-hidden />}
              aria-label={say.samePersonOf(name)}
              onClick={() => {
                onAccept({ other, suggestion: suggestion.id });
              }}
            >
              {say.samePerson}
            </Button>
            <Button size="xs" variant="default" leftSection={<IconX size={16} aria-hidden />} aria-label={say.twoPeopleOf(name)} loading={deciding} onClick={onDecline}>
              {say.twoPeople}
            </Button>
          </Group>
        )}
      </Stack>
    </Paper>
  );
}
