import { Alert, Button, Select, Switch, TextInput } from "@mantine/core";
import { type FormEvent, useRef, useState } from "react";
import type { Problem } from "../../api/problem";
import { explained } from "../../ui/Failure";
import { languageChoices } from "../../ui/languages";
import { useSpeech } from "../../words";
import type { Connection } from "./api";
import classes from "./contacts.module.css";

export interface Entry {
  name: string;
  contact_id: string;
  external_code: string;
  language: string | null;
  connection_id: string | null;
  proactive: boolean;
  reactive: boolean;
}

interface Props {
  start: Entry;
  connections: readonly Connection[];
  /** The contact is there already: where it is found stays. */
  saved: boolean;
  /** The role may only look. */
  readOnly?: boolean;
  problem: Problem | null;
  pending: boolean;
  onSave: (entry: Entry) => void;
  onCancel: () => void;
}

type Wrong = Partial<Record<keyof Entry, string>>;

/** What is known of a chat contact, to be added or edited. Nothing is saved before Save. */
export function ContactForm({ start, connections, saved, readOnly = false, problem, pending, onSave, onCancel }: Props) {
  const { words, locale } = useSpeech();
  const { contacts } = words;
  const [entry, setEntry] = useState(start);
  const [missing, setMissing] = useState<Wrong>({});
  const [edited, setEdited] = useState<ReadonlySet<string>>(new Set());
  const form = useRef<HTMLFormElement>(null);

  const type = <Field extends keyof Entry>(field: Field, value: Entry[Field]) => {
    setEntry((before) => ({ ...before, [field]: value }));
    setMissing((before) => ({ ...before, [field]: undefined }));
    setEdited((before) => new Set([...before, field]));
  };
  const refused = problem?.fields.filter(({ field }) => field in entry) ?? [];
  const wrong: Wrong = { ...Object.fromEntries(refused.filter(({ field }) => !edited.has(field)).map(({ field, message }) => [field, message])), ...missing };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const lacks: Wrong = {};
    if (!entry.contact_id.trim()) lacks.contact_id = contacts.form.contactIdMissing;
    if (!entry.connection_id) lacks.connection_id = contacts.form.channelMissing;
    setMissing(lacks);
    setEdited(new Set());
    const first = lacks.contact_id ? "contact_id" : lacks.connection_id ? "connection_id" : null;
    if (first) form.current?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
    else if (!pending) onSave(entry);
  };
  const connection = connections.find(({ id }) => id === entry.connection_id);
  const text = (field: "name" | "external_code") => ({
    name: field,
    value: entry[field],
    error: wrong[field],
    readOnly,
    maxLength: 256,
    dir: "auto" as const,
    autoComplete: "off",
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => {
      type(field, event.currentTarget.value);
    },
  });

  return (
    <form ref={form} className={classes.form} onSubmit={submit} noValidate data-testid="contact-form">
      {readOnly && <Alert color="gray">{contacts.form.readOnly}</Alert>}
      {problem && refused.length === 0 && (
        <Alert color="red" variant="light" role="alert" title={explained(problem, words).title}>
          {explained(problem, words).text}
        </Alert>
      )}
      <TextInput data-autofocus label={contacts.columns.name} description={contacts.form.nameHelp} {...text("name")} />
      <TextInput
        name="contact_id"
        label={contacts.columns.contactId}
        description={saved ? contacts.form.contactIdFixed : contacts.form.contactIdHelp(connection?.channel)}
        required={!saved}
        readOnly={saved}
        variant={saved ? "filled" : "default"}
        value={entry.contact_id}
        error={wrong.contact_id}
        maxLength={128}
        dir="auto"
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => {
          type("contact_id", event.currentTarget.value);
        }}
      />
      <TextInput label={contacts.columns.externalCode} description={contacts.form.externalCodeHelp} {...text("external_code")} />
      <Select
        name="language"
        label={contacts.columns.language}
        description={contacts.form.languageHelp}
        placeholder={contacts.form.languageNone}
        data={languageChoices(locale, start.language)}
        value={entry.language}
        error={wrong.language}
        readOnly={readOnly}
        searchable
        clearable={!readOnly}
        clearButtonProps={{ "aria-label": contacts.form.languageNone }}
        nothingFoundMessage={contacts.form.languageUnknown}
        onChange={(language) => {
          type("language", language);
        }}
      />
      <Select
        name="connection_id"
        label={contacts.columns.channel}
        description={saved ? contacts.form.channelFixed : contacts.form.channelHelp}
        placeholder={contacts.form.channelChoose}
        data={connectionChoices(connections, words.channels)}
        value={entry.connection_id}
        error={wrong.connection_id}
        required={!saved}
        readOnly={saved}
        variant={saved ? "filled" : "default"}
        allowDeselect={false}
        onChange={(connection_id) => {
          type("connection_id", connection_id);
        }}
      />
      {(["proactive", "reactive"] as const).map((field) => (
        <Switch
          key={field}
          label={`${contacts.columns[field]}: ${contacts[field][entry[field] ? "on" : "off"]}`}
          description={contacts[field].help}
          checked={entry[field]}
          disabled={readOnly}
          onChange={(event) => {
            type(field, event.currentTarget.checked);
          }}
        />
      ))}
      <div className={classes.actions}>
        {!readOnly && (
          <Button type="submit" loading={pending}>
            {contacts.form.save}
          </Button>
        )}
        <Button variant="default" onClick={onCancel}>
          {readOnly ? words.app.close : contacts.form.cancel}
        </Button>
      </div>
    </form>
  );
}

/** A channel by its name; where it has several connections, each with its own. */
function connectionChoices(connections: readonly Connection[], channels: Record<string, string>) {
  return connections.map(({ id, channel, name, username }) => {
    const only = connections.filter((other) => other.channel === channel).length === 1;
    const label = channels[channel] ?? channel;
    return { value: id, label: only ? label : `${label} · ${name}${username ? ` (@${username})` : ""}` };
  });
}
