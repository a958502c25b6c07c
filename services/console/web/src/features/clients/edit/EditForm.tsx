import { Alert, Button, Group, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { Ask } from "../../../ui/Ask";
import { explained } from "../../../ui/Failure";
import { useWords } from "../../../words";
import { useProfileWords } from "../../../words/profile";
import classes from "../clients.module.css";
import type { ClientCard } from "../getClient";
import type { Category, FieldDefinition } from "./api";
import { CategoryFields } from "./Categories";
import { Conflict } from "./Conflict";
import { type Draft, draftOf } from "./draft";
import { EditingContext } from "./Editing";
import { FieldInputs } from "./FieldInputs";
import { Fold } from "./Fold";
import { GroupsField, TagsField } from "./Labels";
import { AddressFields, LocationFields } from "./Places";
import { RegionalFields } from "./Regional";
import { SegmentsMenu } from "./SegmentsMenu";
import { useEdit } from "./useEdit";

const MOST_CHARACTERS = 256;
const PLAIN = ["name", "surname", "email", "phone", "contact_key"] as const;

interface Props {
  client: ClientCard;
  fields: readonly FieldDefinition[];
  categories: readonly Category[];
  /** Editing is over, saved or not. */
  onDone: () => void;
  onSaved: (fresh: ClientCard) => void;
  /** Tells whether there is something that leaving would lose. */
  onDirty: (dirty: boolean) => void;
  /** Tells whether another window lies over this one. */
  onInner: (open: boolean) => void;
  /** Somebody wants to leave, with something unsaved. */
  leaving: boolean;
  onLeave: () => void;
  onStay: () => void;
}

/** Everything of a profile that a user may say. Nothing is saved before Save, but segments, which have one of their own. */
export function EditForm({ client, fields, categories, onDone, onSaved, onDirty, onInner, leaving, onLeave, onStay }: Props) {
  const words = useWords();
  const say = useProfileWords();
  const { form } = say;
  const [draft, setDraft] = useState(() => draftOf(client));
  const [edited, setEdited] = useState<ReadonlySet<string>>(new Set());
  const [missing, setMissing] = useState<string>();
  const element = useRef<HTMLFormElement>(null);
  const edit = useEdit(client, (fresh) => {
    onSaved(fresh);
    onDone();
  });
  const dirty = edit.differs(draft);
  useEffect(() => {
    onDirty(dirty);
  }, [dirty, onDirty]);

  const set = (change: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...change }));
    setMissing(undefined);
    setEdited((before) => new Set([...before, ...Object.keys(change)]));
  };
  const refused = edit.problem?.fields ?? [];
  const wrong = (place: string) => {
    if (place === "name" && missing) return missing;
    const typed = PLAIN.find((part) => part === place);
    if (typed && draft[typed].trim().length > MOST_CHARACTERS) return form.nameLong(MOST_CHARACTERS); // not cut: pasted, its end would be lost unseen
    if (edited.has(place.split(".")[0] ?? "")) return undefined;
    return refused.find(({ field }) => field === place)?.message;
  };
  const isWrong = (of: string) => refused.some(({ field }) => (field === of || field.startsWith(`${of}.`)) && wrong(field) !== undefined);
  const shownAt = (field: string) => PLAIN.some((part) => part === field) || /^(address|location|fields|tags|groups|language|time_zone)(\.|$)/.test(field);
  useEffect(() => {
    if (edit.problem) element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [edit.problem]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const lacks = !draft.name.trim() ? form.nameMissing : undefined;
    setMissing(lacks);
    setEdited(new Set());
    if (lacks) element.current?.querySelector<HTMLElement>('[name="name"]')?.focus();
    else if (!edit.pending) edit.save(draft);
  };
  const text = (part: (typeof PLAIN)[number], label: string, more: { description?: string; type?: string; required?: boolean } = {}) => (
    <TextInput
      {...more}
      withAsterisk={false}
      label={label}
      name={part}
      value={draft[part]}
      error={wrong(part)}
      dir="auto"
      autoComplete="off"
      onChange={(event) => {
        set({ [part]: event.currentTarget.value });
      }}
    />
  );

  return (
    <EditingContext value={{ draft, set, wrong }}>
      <form ref={element} onSubmit={submit} noValidate data-testid="edit-client">
        <Stack gap="md">
          <Group justify="flex-end">
            <SegmentsMenu
              client={client}
              onInner={onInner}
              onSaved={(fresh) => {
                edit.adopt(fresh);
                onSaved(fresh);
              }}
            />
          </Group>
          {edit.theirs && (
            <Conflict
              key={edit.theirs.rev}
              start={edit.start}
              mine={draft}
              theirs={draftOf(edit.theirs)}
              fields={fields}
              categories={categories}
              loading={edit.pending}
              onSave={(chosen) => {
                setDraft(chosen);
                edit.settle(chosen);
              }}
              onBack={edit.back}
            />
          )}
          {edit.problem && edit.problem.kind !== "changed-meanwhile" && !refused.some(({ field }) => shownAt(field)) && (
            <Alert color="red" variant="light" role="alert" title={form.refusedTitle} styles={{ message: { color: "var(--mantine-color-text)" } }}>
              {explained(edit.problem, words).text}
            </Alert>
          )}
          <Group gap="sm" grow preventGrowOverflow={false} align="flex-start">
            {text("name", form.name, { required: true })}
            {text("surname", form.surname)}
          </Group>
          {text("email", form.email, { description: form.emailHelp, type: "email" })}
          {text("phone", form.phone, { description: form.phoneHelp, type: "tel" })}
          {text("contact_key", form.contactKey, { description: form.contactKeyHelp })}
          {edit.heldBy && edit.heldBy !== client.id && (
            <Link to={`/clients/${edit.heldBy}`} target="_blank">
              {form.openOther}
            </Link>
          )}
          <TagsField />
          <GroupsField />
          <Fold title={form.address} wrong={isWrong("address")}>
            <AddressFields />
          </Fold>
          <Fold title={form.location} wrong={isWrong("location")}>
            <LocationFields />
          </Fold>
          <Fold title={form.regional} wrong={isWrong("language") || isWrong("time_zone")}>
            <RegionalFields />
          </Fold>
          <Fold title={form.fields} wrong={isWrong("fields")}>
            <FieldInputs fields={fields} />
          </Fold>
          <Fold title={form.categories} wrong={isWrong("subscriptions")}>
            <CategoryFields categories={categories} />
          </Fold>
          {leaving && <Ask question={form.discardTitle} text={form.discard} confirm={form.discardYes} loading={false} onConfirm={onLeave} onCancel={onStay} />}
          <Group gap="xs" className={classes.formEnd}>
            <Button type="submit" loading={edit.pending}>
              {form.save}
            </Button>
            <Button variant="default" onClick={onDone}>
              {form.cancel}
            </Button>
          </Group>
        </Stack>
      </form>
    </EditingContext>
  );
}
