import { MultiSelect, TagsInput, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useProfileWords } from "../../../words/profile";
import { findGroups, findTags, type Label } from "./api";
import { useEditing } from "./Editing";

const TAG_CHARACTERS = 64;
/** What a tag is called before it is made, when the profile is saved. */
export const NEW = "new:";

/** Tags: typed and entered, or chosen. One that is new is made when the profile is saved. */
export function TagsField() {
  const { form } = useProfileWords();
  const { draft, set, wrong } = useEditing();
  const [search, setSearch] = useState("");
  const [asked] = useDebouncedValue(search.trim(), 200);
  const found = useQuery({ queryKey: ["tags", asked], queryFn: ({ signal }) => findTags(asked, signal), placeholderData: keepPreviousData });
  return (
    <TagsInput
      label={form.tags}
      description={form.tagsHelp}
      maxLength={TAG_CHARACTERS}
      splitChars={[]}
      data={(found.data ?? []).map(({ name }) => name)}
      value={draft.tags.map(({ name }) => name)}
      error={wrong("tags")}
      searchValue={search}
      onSearchChange={setSearch}
      onChange={(names) => {
        const known = [...draft.tags, ...(found.data ?? [])];
        set({ tags: names.map((name) => known.find((tag) => tag.name === name) ?? { id: `${NEW}${name}`, name }) });
      }}
      data-testid="edit-tags"
    />
  );
}

/** Contact groups: chosen from those that there are. */
export function GroupsField() {
  const { form } = useProfileWords();
  const { draft, set, wrong } = useEditing();
  const [search, setSearch] = useState("");
  const [asked] = useDebouncedValue(search.trim(), 200);
  const found = useQuery({ queryKey: ["groups", "find", asked], queryFn: ({ signal }) => findGroups(asked, signal), placeholderData: keepPreviousData });
  const known = merged(draft.groups, found.data ?? []);
  if (found.data && known.length === 0 && !asked)
    return (
      <Text c="dimmed" size="sm">
        {form.groupsNone}
      </Text>
    );
  return (
    <MultiSelect
      label={form.groups}
      searchable
      clearable
      clearButtonProps={{ "aria-label": form.clear }}
      nothingFoundMessage={form.nothingFound}
      data={known.map(({ id, name }) => ({ value: id, label: name }))}
      value={draft.groups.map(({ id }) => id)}
      error={wrong("groups")}
      searchValue={search}
      onSearchChange={setSearch}
      onChange={(ids) => {
        set({ groups: ids.flatMap((id) => known.find((group) => group.id === id) ?? []) });
      }}
      data-testid="edit-groups"
    />
  );
}

function merged(ours: readonly Label[], found: readonly Label[]): Label[] {
  return [...ours, ...found.filter(({ id }) => !ours.some((one) => one.id === id))];
}
