import { Button, Stack, Text, Textarea, Title } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { ContactRequest } from "../../api/requests";
import { explained } from "../../ui/Failure";
import { Refused } from "../../ui/Refused";
import { Time } from "../../ui/Time";
import { useSpeech } from "../../words";
import { useRequestWords } from "../../words/requests";
import { useSession } from "../session";
import { commentOn } from "./api";
import classes from "./requests.module.css";
import { useAct } from "./useAct";
import { useHistory } from "./useRequests";

/** What colleagues said about it, the newest first, and room for more. */
export function Comments({ request }: { request: ContactRequest }) {
  const { words } = useSpeech();
  const { requests: say } = useRequestWords();
  const { user } = useSession();
  const history = useHistory(request.id);
  const [text, setText] = useState("");
  const saying = useAct(request.id, (said: string) => commentOn(request.id, said), () => {
    setText("");
  });
  const comments = history.data?.items.filter(({ kind }) => kind === "comment") ?? [];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() && !saying.pending) saying.act(text.trim());
  };
  return (
    <Stack component="section" gap="xs" aria-label={say.comments}>
      <Title order={2}>{say.comments}</Title>
      {user?.scopes.includes("requests:write") && (
        <form onSubmit={submit}>
          <Stack gap="xs">
            <Textarea
              aria-label={say.comment}
              placeholder={say.comment}
              autosize
              minRows={2}
              maxRows={8}
              maxLength={4000}
              dir="auto"
              value={text}
              onChange={(event) => {
                setText(event.currentTarget.value);
              }}
              onKeyDown={(event) => {
                if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit(event);
              }}
            />
            <Button type="submit" variant="default" w="fit-content" loading={saying.pending} disabled={!text.trim()}>
              {say.addComment}
            </Button>
          </Stack>
        </form>
      )}
      {saying.problem && <Refused title={say.refused}>{explained(saying.problem, words).text}</Refused>}
      {history.data && comments.length === 0 && (
        <Text c="dimmed" size="sm">
          {say.noComments}
        </Text>
      )}
      {comments.map(({ at, by, what }, place) => (
        <div key={`${at}:${String(place)}`} data-testid="comment">
          <Text size="xs" c="dimmed">
            <bdi>{by?.name ?? say.somebody}</bdi> · <Time at={at} />
          </Text>
          <div className={classes.said} dir="auto">
            {String(what.text ?? "")}
          </div>
        </div>
      ))}
    </Stack>
  );
}
