import { Button, Group, List, Paper, Stack, Text, Textarea, Title } from "@mantine/core";
import { IconLockOpen } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { asProblem } from "../../api/problem";
import { Facts } from "../../ui/Facts";
import { explained } from "../../ui/Failure";
import { Refused } from "../../ui/Refused";
import { Side } from "../../ui/Side";
import { Time } from "../../ui/Time";
import { useWords } from "../../words";
import { useBlacklistWords } from "../../words/blacklist";
import { useSession } from "../session";
import type { Refusal } from "./getRefusals";
import { liftRefusal } from "./liftRefusal";
import { useReadAgain } from "./useRefusals";
import { WhatMarks } from "./WhatMarks";
import { Who } from "./Who";

/** One refusal: why, since when, and a way to lift it. */
export function RefusalCard({ refusal, onClose }: { refusal: Refusal; onClose: () => void }) {
  const say = useBlacklistWords();
  const { user } = useSession();
  const [lifting, setLifting] = useState(false);
  const isBlacklisted = refusal.refusals.some(({ what }) => what === "blacklisted");
  const isTheirOwn = refusal.refusals.some(({ what }) => what !== "blacklisted");
  const mayLift = isBlacklisted && (user?.scopes.includes("people:write") ?? false);
  return (
    <Side rowId={refusal.id} title={<Who refusal={refusal} />} onClose={onClose}>
      <Stack gap="lg" data-testid="refusal-card">
        <Facts
          facts={[
            [say.columns.kind, say.kinds[refusal.kind] ?? refusal.kind],
            [say.columns.what, <WhatMarks key="what" refusal={refusal} />],
            ...refusal.refusals.map((one) => [say.columns.reason, <bdi key={one.what}>{one.reason}</bdi>] as const),
          ]}
        />
        {refusal.kind !== "chat_contact" && refusal.value === null && <Text size="sm">{say.hiddenHelp}</Text>}
        {isTheirOwn && (
          <Text size="sm" c="dimmed">
            {say.own}
          </Text>
        )}
        <Stack component="section" gap="xs" aria-labelledby="refusal-log">
          <Title order={2} id="refusal-log">
            {say.log}
          </Title>
          <List size="sm" spacing={4}>
            {refusal.log.map((one) => (
              <List.Item key={`${one.did}:${one.at}`}>
                {one.did === "lifted" ? say.lifted : (say.whats[one.what] ?? say.refused)}: <bdi>{one.reason}</bdi>{" "}
                <Text span c="dimmed" size="xs">
                  <Time at={one.at} />
                </Text>
              </List.Item>
            ))}
          </List>
        </Stack>
        {lifting ? (
          <LiftForm
            refusal={refusal}
            onDone={onClose}
            onCancel={() => {
              setLifting(false);
            }}
          />
        ) : (
          mayLift && (
            <Group>
              <Button
                variant="default"
                leftSection={<IconLockOpen size={16} aria-hidden />}
                onClick={() => {
                  setLifting(true);
                }}
              >
                {say.lift}
              </Button>
            </Group>
          )
        )}
      </Stack>
    </Side>
  );
}

function LiftForm({ refusal, onDone, onCancel }: { refusal: Refusal; onDone: () => void; onCancel: () => void }) {
  const words = useWords();
  const say = useBlacklistWords();
  const readAgain = useReadAgain();
  const [reason, setReason] = useState("");
  const [lacks, setLacks] = useState(false);
  const lifting = useMutation({
    mutationFn: () => liftRefusal(refusal.id, reason.trim()),
    onSuccess: async () => {
      onDone();
      await readAgain();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setLacks(reason.trim() === "");
    if (reason.trim() !== "") lifting.mutate();
  };
  return (
    <Paper withBorder p="md" role="group" aria-labelledby="lift-question">
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <Text fw={600} id="lift-question">
            {say.liftQuestion}
          </Text>
          <Text size="sm">{say.liftText}</Text>
          <Textarea
            label={say.reason}
            autosize
            autoFocus
            dir="auto"
            maxLength={500}
            value={reason}
            error={lacks ? say.missing : undefined}
            onChange={(event) => {
              setReason(event.currentTarget.value);
            }}
          />
          {lifting.error && <Refused>{explained(asProblem(lifting.error), words).text}</Refused>}
          <Group gap="xs">
            <Button type="submit" size="xs" loading={lifting.isPending}>
              {say.lift}
            </Button>
            <Button size="xs" variant="default" onClick={onCancel}>
              {words.app.cancel}
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}
