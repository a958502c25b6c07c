import { Button, Group, Radio, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { asProblem } from "../../api/problem";
import { Channel as ChannelName } from "../../ui/channels";
import { explained } from "../../ui/Failure";
import { Refused } from "../../ui/Refused";
import { useWords } from "../../words";
import { useConnectionWords } from "../../words/connections";
import { addConnection, type MadeConnection } from "./addConnection";
import { BecomesChoice } from "./BecomesChoice";
import { CONNECTABLE, credentialsOf, type Entries, lacking, type Wrong, wrongFields } from "./channelFields";
import { CredentialFields } from "./CredentialFields";
import type { BecomesClient, Channel } from "./getConnections";

/** Which channel, and what its account needs. What is wrong is said at its field. */
export function AddForm({ onMade, onCancel }: { onMade: (made: MadeConnection) => void; onCancel: () => void }) {
  const words = useWords();
  const { app } = words;
  const { connections: say } = useConnectionWords();
  const form = useRef<HTMLFormElement>(null);
  const [channel, setChannel] = useState<Channel>(CONNECTABLE[0] ?? "telegram");
  const [entries, setEntries] = useState<Entries>({});
  const [becomes, setBecomes] = useState<BecomesClient>("on_contact");
  const [wrong, setWrong] = useState<Wrong>({});
  const show = (found: Wrong) => {
    setWrong(found);
    const first = Object.keys(found)[0];
    if (first) form.current?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
  };
  const attempt = useMutation({
    mutationFn: () => {
      const name = entries.name?.trim();
      return addConnection({ channel, ...credentialsOf(channel, entries), ...(name && { name }), becomes_client: becomes });
    },
    onSuccess: onMade,
    onError: (error) => {
      show(wrongFields(asProblem(error), channel));
    },
  });
  const type = (name: string, value: string) => {
    setEntries((before) => ({ ...before, [name]: value }));
    setWrong({});
    attempt.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const lacks = lacking(channel, entries).map((name) => [name, say.missing(say.fields[channel]?.[name]?.label ?? name)] as const);
    show(Object.fromEntries(lacks));
    if (lacks.length === 0) attempt.mutate();
  };

  return (
    <form ref={form} onSubmit={submit} noValidate>
      <Stack gap="md">
        <Radio.Group
          label={say.columns.channel}
          value={channel}
          onChange={(chosen) => {
            setChannel(chosen as Channel);
            setWrong({});
            attempt.reset();
          }}
        >
          <Group gap="md" mt={4}>
            {CONNECTABLE.map((one) => (
              <Radio key={one} value={one} label={<ChannelName channel={one} />} />
            ))}
          </Group>
        </Radio.Group>
        <CredentialFields channel={channel} entries={entries} wrong={wrong} onType={type} />
        <TextInput
          name="name"
          label={say.optional(say.columns.name)}
          description={say.nameHelp[channel === "widget" ? "site" : "account"]}
          dir="auto"
          maxLength={80}
          autoComplete="off"
          value={entries.name ?? ""}
          error={wrong.name}
          onChange={(event) => {
            type("name", event.currentTarget.value);
          }}
        />
        <BecomesChoice value={becomes} onChange={setBecomes} />
        {attempt.error && Object.keys(wrong).length === 0 && <Refused title={say.notAdded}>{explained(asProblem(attempt.error), words).text}</Refused>}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onCancel}>
            {app.cancel}
          </Button>
          <Button type="submit" loading={attempt.isPending}>
            {say.connect}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
