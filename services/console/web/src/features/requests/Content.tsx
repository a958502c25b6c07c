import { Anchor, Button, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconEye } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { asProblem } from "../../api/problem";
import { type ContactRequest, REQUESTS_KEY } from "../../api/requests";
import { explained } from "../../ui/Failure";
import { Refused } from "../../ui/Refused";
import { useSpeech } from "../../words";
import { useRequestWords } from "../../words/requests";
import { type Answer, viewRequest } from "./api";
import classes from "./requests.module.css";

/** What was written, once somebody asks to see it. It is in no list and no cache. */
export function Content({ request }: { request: ContactRequest }) {
  const { words, language } = useSpeech();
  const { requests: say } = useRequestWords();
  const client = useQueryClient();
  const viewing = useMutation({
    mutationFn: () => viewRequest(request.id, language),
    gcTime: 0,
    onSuccess: ({ request: fresh }) => {
      client.setQueryData([...REQUESTS_KEY, "one", request.id], fresh);
      void client.invalidateQueries({ queryKey: [...REQUESTS_KEY, "history", request.id] });
    },
  });
  return (
    <Stack component="section" gap="xs" aria-label={say.content}>
      <Title order={2}>{say.content}</Title>
      {viewing.data ? (
        <>
          <Answers answers={viewing.data.answers} />
          <Text size="xs" c="dimmed">
            {say.opened}
          </Text>
        </>
      ) : viewing.isPending ? (
        <Skeleton height={96} />
      ) : (
        <>
          <Button
            w="fit-content"
            leftSection={<IconEye size={16} aria-hidden />}
            onClick={() => {
              viewing.mutate();
            }}
          >
            {say.view}
          </Button>
          <Text size="xs" c="dimmed">
            {say.viewHelp}
          </Text>
        </>
      )}
      {viewing.error && <Refused>{explained(asProblem(viewing.error), words).text}</Refused>}
    </Stack>
  );
}

function Answers({ answers }: { answers: readonly Answer[] }) {
  return (
    <dl className={classes.answers} data-testid="answers">
      {answers.map((answer) => (
        <div key={answer.field}>
          <dt dir="auto">{answer.label}</dt>
          <dd dir="auto">
            <AnswerText answer={answer} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function AnswerText({ answer: { kind, value, choices } }: { answer: Answer }) {
  const { requests: say } = useRequestWords();
  if (kind === "consent" && choices?.length) return say.yes;
  if (choices?.length) return choices.map(({ label }) => label).join(", ");
  if (!value) return <Text c="dimmed">{say.noAnswer}</Text>;
  if (kind === "email") return <Anchor href={`mailto:${value}`}>{value}</Anchor>;
  if (kind === "phone") return <Anchor href={`tel:${value}`}>{value}</Anchor>;
  return value;
}
