import { Alert, Button, Group, Progress, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import { asProblem } from "../../api/problem";
import { Ask } from "../../ui/Ask";
import { explained } from "../../ui/Failure";
import { numberText } from "../../ui/times";
import { useSpeech, useWords } from "../../words";
import { useImportWords } from "../../words/imports";
import type { Import } from "./api";
import { Counts } from "./Counts";
import { useAct } from "./useImport";

/** How far it is, what it came to, and what can be done next. */
export function Steps({ one }: { one: Import }) {
  const say = useImportWords();
  const words = useWords();
  const { locale } = useSpeech();
  const doing = useAct(one.id);
  const [asks, setAsks] = useState(false);
  const number = (count: number) => numberText(count, locale);
  const { status, counts } = one;
  const works = status === "checking" || status === "running" || status === "undoing";
  const undoable = (status === "done" || status === "cancelled" || status === "failed") && one.kept_until !== null && Date.parse(one.kept_until) > Date.now();
  const imported = counts.made + counts.changed;
  return (
    <Stack gap="md">
      {works && (
        <div>
          <Progress value={one.rows ? (100 * one.rows_done) / one.rows : 0} size="lg" radius="xl" aria-label={say.statuses[status]} animated />
          <Text size="sm" mt={4} aria-live="polite">
            {say.rowsDone(number(one.rows_done), number(one.rows))}
          </Text>
          <Text size="sm" c="dimmed">
            {say.canLeave}
          </Text>
        </div>
      )}
      {status !== "uploaded" && <Counts one={one} />}
      {one.error && (
        <Alert role="alert" color="red" variant="light">
          {one.error}
        </Alert>
      )}
      {doing.error && (
        <Alert role="alert" color="red" variant="light" title={explained(asProblem(doing.error), words).title}>
          {explained(asProblem(doing.error), words).text}
        </Alert>
      )}
      {asks ? (
        <Ask
          question={say.undoAsk(number(imported))}
          text={say.undoText}
          confirm={say.undo}
          loading={doing.isPending}
          onConfirm={() => {
            doing.mutate("undo", {
              onSettled: () => {
                setAsks(false);
              },
            });
          }}
          onCancel={() => {
            setAsks(false);
          }}
        />
      ) : (
        <Group>
          {status === "checked" && (
            <Button
              loading={doing.isPending}
              disabled={one.rows - counts.faults <= 0}
              onClick={() => {
                doing.mutate("run");
              }}
            >
              {say.run(number(counts.made + counts.changed))}
            </Button>
          )}
          {status === "cancelled" && (
            <Button
              loading={doing.isPending}
              onClick={() => {
                doing.mutate("run");
              }}
            >
              {say.goOn}
            </Button>
          )}
          {(status === "checking" || status === "running") && (
            <Button
              variant="default"
              loading={doing.isPending || one.cancel_asked}
              onClick={() => {
                doing.mutate("cancel");
              }}
            >
              {say.stop}
            </Button>
          )}
          {status === "done" && (
            <Button component={Link} to="/clients" variant="light">
              {say.toClients}
            </Button>
          )}
          {undoable && (
            <Button
              variant="default"
              onClick={() => {
                setAsks(true);
              }}
            >
              {say.undo}
            </Button>
          )}
        </Group>
      )}
    </Stack>
  );
}
