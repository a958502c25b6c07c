import { Alert, Button, MultiSelect, Select, TagsInput, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { asProblem } from "../../../api/problem";
import { Blank } from "../../../ui/Blank";
import { explained } from "../../../ui/Failure";
import { Side } from "../../../ui/Side";
import type { TagLike } from "../../../ui/TagBadge";
import { useWords } from "../../../words";
import { usePeopleWords } from "../../../words/people";
import { useMayEditPeople } from "../../session";
import { createVisitor, type NewVisitor } from "./createVisitor";
import { getLabels } from "./getLabels";
import classes from "./lists.module.css";
import { makeTag, type NewTag } from "./makeTag";
import { NewTags } from "./NewTags";
import { SOURCES } from "./sources";
import { VISITORS } from "./VisitorsPage";

interface Entry {
  name: string;
  source: string | null;
  email: string;
  phone: string;
  tags: string[];
  /** Ids. */
  groups: string[];
}

const NOTHING: Entry = { name: "", source: null, email: "", phone: "", tags: [], groups: [] };
const SENT = ["name", "source", "email", "phone"] as const;
/** What new tags are to look like, by name. */
export type Looks = Record<string, Partial<Pick<NewTag, "color" | "description">>>;
type Wrong = Partial<Record<(typeof SENT)[number], string | undefined>>;

/** Creates a visitor by hand, at /marketing/visitors/new. */
export default function CreateVisitor() {
  const { errors } = useWords();
  const { create } = usePeopleWords();
  const go = useNavigate();
  const [params] = useSearchParams();
  const mayEdit = useMayEditPeople();
  const close = () => void go({ pathname: VISITORS, search: params.toString() });
  return (
    <Side rowId="" title={create.title} onClose={close} holds={mayEdit}>
      {mayEdit ? <CreateForm onClose={close} /> : <Blank title={errors.forbiddenTitle} text={errors.forbidden} />}
    </Side>
  );
}

function CreateForm({ onClose }: { onClose: () => void }) {
  const words = useWords();
  const { create } = usePeopleWords();
  const cache = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const [entry, setEntry] = useState(NOTHING);
  const [missing, setMissing] = useState<Wrong>({});
  const [search, setSearch] = useState("");
  const [asked] = useDebouncedValue(search.trim(), 200);
  const tags = useQuery({ queryKey: ["labels", "tag", asked], queryFn: ({ signal }) => getLabels("tag", asked, signal), placeholderData: keepPreviousData });
  const groups = useQuery({ queryKey: ["labels", "group", ""], queryFn: ({ signal }) => getLabels("group", "", signal) });
  const [met, setMet] = useState<ReadonlyMap<string, TagLike>>(new Map());
  const [looks, setLooks] = useState<Looks>({});
  const known = (name: string) => tags.data?.find((tag) => tag.name === name) ?? met.get(name);
  const save = useMutation({
    mutationFn: async () => {
      const made = await Promise.all(entry.tags.map(async (name) => known(name) ?? makeTag({ color: "gray", description: "", ...looks[name], name })));
      const ids = [...new Set(made.map(({ id }) => id))];
      const source = entry.source as NewVisitor["source"];
      const given = { ...(entry.email.trim() && { email: entry.email.trim() }), ...(entry.phone.trim() && { phone: entry.phone.trim() }) };
      return createVisitor({ name: entry.name, source: source ?? null, ...given, ...(ids.length > 0 && { tags: ids }), ...(entry.groups.length > 0 && { groups: entry.groups }) });
    },
    onSuccess: () => {
      void cache.invalidateQueries({ queryKey: ["clients"] });
      void cache.invalidateQueries({ queryKey: ["labels"] });
      onClose();
    },
  });
  const problem = save.error ? asProblem(save.error) : null;
  const refused = problem?.fields.filter(({ field }) => (SENT as readonly string[]).includes(field)) ?? [];
  const wrong: Wrong = { ...Object.fromEntries(refused.map(({ field, message }) => [field, message])), ...missing };

  const type = (changes: Partial<Entry>) => {
    setEntry((before) => ({ ...before, ...changes }));
    setMissing({});
    save.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const lacks: Wrong = { ...(!entry.name.trim() && { name: create.nameMissing }), ...(!entry.source && { source: create.sourceMissing }) };
    setMissing(lacks);
    const [first] = Object.keys(lacks);
    if (first) form.current?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
    else if (!save.isPending) save.mutate();
  };
  const text = (field: "name" | "email" | "phone", most: number) => ({
    name: field,
    value: entry[field],
    error: wrong[field],
    maxLength: most,
    dir: "auto" as const,
    autoComplete: "off",
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => {
      type({ [field]: event.currentTarget.value });
    },
  });

  return (
    <form ref={form} className={classes.form} onSubmit={submit} noValidate data-testid="visitor-form">
      {problem && refused.length === 0 && (
        <Alert color="red" variant="light" role="alert" title={explained(problem, words).title}>
          {explained(problem, words).text}
        </Alert>
      )}
      <TextInput data-autofocus required label={create.name} description={create.nameHelp} {...text("name", 256)} />
      <Select
        name="source"
        required
        label={create.source}
        description={create.sourceHelp}
        placeholder={create.sourceChoose}
        data={SOURCES.map((id) => ({ value: id, label: words.channels[id] ?? id }))}
        value={entry.source}
        error={wrong.source}
        allowDeselect={false}
        onChange={(source) => {
          type({ source });
        }}
      />
      <TextInput label={create.email} type="email" {...text("email", 254)} />
      <TextInput label={create.phone} type="tel" description={create.phoneHelp} {...text("phone", 40)} />
      <TagsInput
        label={create.tags}
        description={create.tagsHelp}
        maxTags={50}
        maxLength={64}
        splitChars={[]}
        data={(tags.data ?? []).map(({ name }) => name)}
        value={entry.tags}
        searchValue={search}
        onSearchChange={setSearch}
        onChange={(chosen) => {
          // a tag chosen stays known when other ones are searched for
          setMet((before) => new Map([...before, ...(tags.data ?? []).map((tag) => [tag.name, tag] as const)]));
          type({ tags: chosen });
        }}
      />
      <NewTags names={tags.data ? entry.tags.filter((name) => !known(name)) : []} looks={looks} onChange={setLooks} />
      {(groups.data?.length ?? 0) > 0 && (
        <MultiSelect
          label={create.groups}
          description={create.groupsHelp}
          searchable
          data={groups.data?.map(({ id, name }) => ({ value: id, label: name })) ?? []}
          value={entry.groups}
          onChange={(chosen) => {
            type({ groups: chosen });
          }}
        />
      )}
      <div className={classes.actions}>
        <Button type="submit" loading={save.isPending}>
          {create.save}
        </Button>
        <Button variant="default" onClick={onClose}>
          {create.cancel}
        </Button>
      </div>
    </form>
  );
}
