import { Button, Group, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { asProblem } from "../../api/problem";
import { explained } from "../../ui/Failure";
import { Refused } from "../../ui/Refused";
import { useWords } from "../../words";
import { useConnectionWords } from "../../words/connections";
import { BecomesChoice } from "./BecomesChoice";
import { type Change, changeConnection } from "./changeConnection";
import { credentialsOf, type Entries, entriesOf, FIELDS, type Wrong, wrongFields } from "./channelFields";
import { CredentialFields } from "./CredentialFields";
import type { Connection } from "./getConnections";
import { useReadAgain } from "./useConnections";

/** The name, when people become clients, and what the channel needs. Secrets are written anew, or left as they are. */
export function EditForm({ connection, onClose }: { connection: Connection; onClose: () => void }) {
  const words = useWords();
  const { app } = words;
  const { connections: say } = useConnectionWords();
  const { channel } = connection;
  const form = useRef<HTMLFormElement>(null);
  const readAgain = useReadAgain();
  const [entries, setEntries] = useState<Entries>(() => ({ name: connection.name, ...entriesOf(channel, connection.settings) }));
  const [becomes, setBecomes] = useState(connection.becomes_client);
  const [wrong, setWrong] = useState<Wrong>({});
  const show = (found: Wrong) => {
    setWrong(found);
    const first = Object.keys(found)[0];
    if (first) form.current?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
  };
  const saving = useMutation({
    mutationFn: () => changeConnection(connection.id, changes(connection, entries, becomes)),
    onSuccess: async () => {
      await readAgain();
      onClose();
    },
    onError: (error) => {
      show(wrongFields(asProblem(error), channel));
    },
  });
  const type = (name: string, value: string) => {
    setEntries((before) => ({ ...before, [name]: value }));
    setWrong({});
    saving.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const needed = FIELDS[channel].filter(({ kind, name }) => kind !== "secret" && !entries[name]?.trim());
    const lacks = needed.map(({ name }) => [name, say.missing(say.fields[channel]?.[name]?.label ?? name)] as const);
    const found = { ...(!entries.name?.trim() && { name: say.missing(say.columns.name) }), ...Object.fromEntries(lacks) };
    show(found);
    if (Object.keys(found).length === 0) saving.mutate();
  };

  return (
    <form ref={form} onSubmit={submit} noValidate aria-label={say.edit}>
      <Stack gap="md">
        <TextInput
          name="name"
          label={say.columns.name}
          dir="auto"
          maxLength={80}
          required
          withAsterisk={false}
          autoFocus
          autoComplete="off"
          value={entries.name ?? ""}
          error={wrong.name}
          onChange={(event) => {
            type("name", event.currentTarget.value);
          }}
        />
        <BecomesChoice value={becomes} onChange={setBecomes} />
        <CredentialFields channel={channel} entries={entries} wrong={wrong} known onType={type} />
        {saving.error && Object.keys(wrong).length === 0 && <Refused title={say.notSaved}>{explained(asProblem(saving.error), words).text}</Refused>}
        <Group gap="xs">
          <Button type="submit" loading={saving.isPending}>
            {say.save}
          </Button>
          <Button variant="default" onClick={onClose}>
            {app.cancel}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Only what differs: settings that are sent are checked with the provider again. */
function changes({ channel, name, becomes_client: becomesClient, settings }: Connection, entries: Entries, becomes: Connection["becomes_client"]): Change {
  const before = entriesOf(channel, settings);
  const typed = Object.fromEntries(Object.entries(entries).filter(([field, value]) => value.trim() !== (before[field] ?? "")));
  const newName = entries.name?.trim();
  return { ...credentialsOf(channel, typed), ...(newName && newName !== name && { name: newName }), ...(becomes !== becomesClient && { becomes_client: becomes }) };
}
