import { Button, Group, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { asProblem } from "../../api/problem";
import { explained } from "../../ui/Failure";
import { Refused } from "../../ui/Refused";
import { useWords } from "../../words";
import { useConnectionWords } from "../../words/connections";
import { BecomesChoice } from "./BecomesChoice";
import { changeConnection } from "./changeConnection";
import { type FieldName, FIELDS, type Wrong, wrongFields } from "./channelFields";
import { CredentialFields } from "./CredentialFields";
import type { Connection } from "./getConnections";
import { Newer } from "./Newer";
import { changes, type Form, formOf, newerOf, onto, theirChanges } from "./editing";
import { useReadAgain } from "./useConnections";

/** The name, when people become clients, and what the channel needs. Secrets are written anew, or left as they are. */
export function EditForm({ connection, onClose }: { connection: Connection; onClose: () => void }) {
  const words = useWords();
  const { app } = words;
  const { connections: say } = useConnectionWords();
  const { channel } = connection;
  const form = useRef<HTMLFormElement>(null);
  const readAgain = useReadAgain();
  // What is typed began with this version; others may save meanwhile.
  const [base, setBase] = useState(connection);
  const [values, setValues] = useState<Form>(() => formOf(connection));
  const [theirs, setTheirs] = useState<[string, string][]>([]);
  const [wrong, setWrong] = useState<Wrong>({});
  const { entries } = values;
  const show = (found: Wrong) => {
    setWrong(found);
    const first = Object.keys(found)[0];
    if (first) form.current?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
  };
  const saving = useMutation({
    mutationFn: (from: Connection) => changeConnection(connection.id, { ...changes(from, values), rev: from.rev }),
    onSuccess: async () => {
      await readAgain();
      onClose();
    },
    onError: (error, from) => {
      const newer = newerOf(asProblem(error));
      if (!newer) {
        show(wrongFields(asProblem(error), channel));
        return;
      }
      const found = theirChanges(from, newer);
      setBase(newer);
      setValues(onto(from, newer, values));
      setTheirs(found);
      // What changed is not shown here, as whether messages arrive: nobody has to decide anything.
      if (found.length === 0) saving.mutate(newer);
    },
  });
  const type = (name: string, value: string) => {
    setValues((before) => ({ ...before, entries: { ...before.entries, [name]: value } }));
    setWrong({});
    saving.reset();
  };
  const forget = (name: FieldName, wanted: boolean) => {
    setValues((before) => ({ ...before, forgotten: wanted ? [...before.forgotten, name] : before.forgotten.filter((one) => one !== name) }));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const needed = FIELDS[channel].filter(({ kind, name, optional }) => kind !== "secret" && optional !== true && !entries[name]?.trim());
    const lacks = needed.map(({ name }) => [name, say.missing(say.fields[channel]?.[name]?.label ?? name)] as const);
    const found = { ...(!entries.name?.trim() && { name: say.missing(say.columns.name) }), ...Object.fromEntries(lacks) };
    show(found);
    if (Object.keys(found).length === 0) saving.mutate(base);
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
        <BecomesChoice
          value={values.becomes}
          onChange={(becomes) => {
            setValues((before) => ({ ...before, becomes }));
          }}
        />
        <CredentialFields channel={channel} entries={entries} wrong={wrong} known kept={base.secrets} forgotten={values.forgotten} onForget={forget} onType={type} />
        {theirs.length > 0 && (
          <Newer
            channel={channel}
            theirs={theirs}
            onTake={() => {
              setValues(formOf(base));
              setTheirs([]);
              saving.reset();
            }}
          />
        )}
        {saving.error && !newerOf(asProblem(saving.error)) && Object.keys(wrong).length === 0 && <Refused title={say.notSaved}>{explained(asProblem(saving.error), words).text}</Refused>}
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
