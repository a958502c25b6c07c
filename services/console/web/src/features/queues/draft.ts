import type { FormField, Queue, QueueDraft, Texts } from "../../api/queues";

const OFFICE = [{ opens: "09:00", closes: "17:00" }];

/** What a new queue begins with: office hours here, and the four questions that nearly every form asks. */
export function newDraft(language: string): QueueDraft {
  return {
    name: "",
    connection_ids: [],
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    hours: [OFFICE, OFFICE, OFFICE, OFFICE, OFFICE, [], []],
    exceptions: [],
    when_closed: "form",
    offline: {},
    other_ways: [],
    form: { title: {}, thanks: {}, fields: STARTS.map((start) => ({ ...start, label: labelOf(start.id, language), choices: [], several: false })) },
    members: [],
    lead: null,
    escalate_after_seconds: 120,
    colleagues_asked: 2,
  };
}

const STARTS = [
  { id: "name", kind: "name", required: false },
  { id: "email", kind: "email", required: false },
  { id: "phone", kind: "phone", required: false },
  { id: "message", kind: "text", required: true },
] as const;

const LABELS: Record<string, Record<string, string>> = {
  en: { name: "Your name", email: "Email", phone: "Phone", message: "Message" },
  es: { name: "Su nombre", email: "Correo electrónico", phone: "Teléfono", message: "Mensaje" },
  de: { name: "Ihr Name", email: "E-Mail", phone: "Telefon", message: "Nachricht" },
};

function labelOf(id: string, language: string): Texts {
  const label = LABELS[language]?.[id];
  return label ? { [language]: label } : {};
}

/** What a person sets of a queue, out of all that is known of it. */
export function draftOf(queue: Queue): QueueDraft {
  const { name, connection_ids, time_zone, hours, when_closed, offline, other_ways, members, lead, escalate_after_seconds, colleagues_asked } = queue;
  const exceptions = queue.exceptions.map(({ day, spans, label }) => ({ day, spans: spans ?? [], label: label ?? {} }));
  const { title, fields, thanks } = queue.form;
  const form = { title: title ?? {}, thanks: thanks ?? {}, fields: (fields ?? []).map(fieldOf) };
  return { name, connection_ids, time_zone, hours, exceptions, when_closed, offline, other_ways, form, members, lead, escalate_after_seconds, colleagues_asked };
}

function fieldOf({ id, kind, label, required, choices, several }: NonNullable<Queue["form"]["fields"]>[number]): FormField {
  return { id, kind, label, required: required ?? false, choices: choices ?? [], several: several ?? false };
}

/** Every language that a text of the queue is in; the form's own order first. */
export function languagesOf(draft: QueueDraft): string[] {
  const found = new Set(textsOf(draft).flatMap((texts) => Object.keys(texts)));
  return [...found];
}

/** The same with every text in the order of `languages`; empty ones are left out, and so are other languages. */
export function written(draft: QueueDraft, languages: readonly string[]): QueueDraft {
  const put = (texts: Texts): Texts => Object.fromEntries(languages.map((tag) => [tag, texts[tag]?.trim() ?? ""] as const).filter(([, text]) => text !== ""));
  return {
    ...draft,
    name: draft.name.trim(),
    offline: put(draft.offline),
    other_ways: draft.other_ways.map((way) => ({ ...way, value: way.value.trim(), label: put(way.label) })),
    exceptions: draft.exceptions.map((day) => ({ ...day, label: put(day.label) })),
    form: {
      title: put(draft.form.title),
      thanks: put(draft.form.thanks),
      fields: draft.form.fields.map((field) => ({ ...field, label: put(field.label), choices: field.choices.map((choice) => ({ ...choice, label: put(choice.label) })) })),
    },
  };
}

function textsOf({ form, offline, other_ways, exceptions }: QueueDraft): Texts[] {
  const asked = form.fields.flatMap(({ label, choices }) => [label, ...choices.map((choice) => choice.label)]);
  return [form.title, ...asked, form.thanks, offline, ...other_ways.map(({ label }) => label), ...exceptions.map(({ label }) => label)];
}

/** A question with the id that no other has; answers are kept under it for ever. */
export function newField(fields: readonly FormField[]): FormField {
  return { id: freeId("q", fields), kind: "text", label: {}, required: false, choices: [], several: false };
}

export function freeId(prefix: string, taken: readonly { id: string }[]): string {
  const ids = new Set(taken.map(({ id }) => id));
  let number = taken.length + 1;
  while (ids.has(`${prefix}${String(number)}`)) number += 1;
  return `${prefix}${String(number)}`;
}

/** `list` with the one at `from` moved to `to`, where both are places in it. */
export function moved<Item>(list: readonly Item[], from: number, to: number): Item[] {
  const found = [...list];
  const [item] = found.splice(from, 1);
  if (item !== undefined) found.splice(to, 0, item);
  return found;
}

export function replaced<Item>(list: readonly Item[], at: number, item: Item): Item[] {
  return list.map((other, place) => (place === at ? item : other));
}

export function removed<Item>(list: readonly Item[], at: number): Item[] {
  return list.filter((_, place) => place !== at);
}
