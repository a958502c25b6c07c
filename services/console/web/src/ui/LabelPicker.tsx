import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { getLabels, type Label, type LabelKind, LABELS_KEY } from "../api/labels";
import { folded } from "./folded";
import { TagIcon } from "./TagBadge";

/** What somebody chose: a label that is there, or the name of a new one. */
export type Picked = { label: Label } | { name: string };

const AT_ONCE = 50;
const NEW = "new:";

interface Props {
  kind: LabelKind;
  label: string;
  placeholder: string;
  description?: string;
  none: string;
  /** How a new one is offered; nothing is, where it is left out. */
  make?: (name: string) => string;
  /** Which ones are offered. */
  among?: (label: Label) => boolean;
  error?: string | undefined;
  onPick: (picked: Picked | null) => void;
}

/** A tag, a contact group or a segment: typed to be found, or, where that is allowed, to be made. */
export function LabelPicker({ kind, label, placeholder, description, none, make, among = () => true, error, onPick }: Props) {
  const [search, setSearch] = useState("");
  const [chosen, setChosen] = useState<string | null>(null);
  const [asked] = useDebouncedValue(search.trim(), 200);
  // What is chosen stands in the box, and would search for itself alone.
  const [named, setNamed] = useState("");
  const wanted = asked === named ? "" : asked;
  const found = useQuery({
    queryKey: [...LABELS_KEY, kind, "picked", wanted],
    queryFn: ({ signal }) => getLabels(kind, { search: wanted, limit: AT_ONCE }, signal),
    placeholderData: keepPreviousData,
  });
  const labels = (found.data?.items ?? []).filter(among);
  const typed = search.trim().replace(/\s+/g, " ");
  const isNew = make && typed !== "" && typed !== named && !labels.some(({ name }) => folded(name) === folded(typed));
  const options = [
    ...labels.map(({ id, name }) => ({ value: id, label: name })),
    ...(isNew ? [{ value: NEW + typed, label: make(typed) }] : []),
    ...(chosen?.startsWith(NEW) && !isNew ? [{ value: chosen, label: chosen.slice(NEW.length) }] : []),
  ];
  return (
    <Select
      searchable
      clearable
      data-autofocus
      label={label}
      placeholder={placeholder}
      description={description}
      error={error}
      errorProps={{ role: "alert" }}
      data={options}
      filter={({ options: all }) => all}
      maxDropdownHeight={260}
      nothingFoundMessage={found.isPending ? "…" : none}
      renderOption={({ option }) => {
        const tag = labels.find(({ id }) => id === option.value);
        return (
          <>
            {kind === "tag" && tag && <TagIcon tag={{ id: tag.id, name: tag.name, color: tag.color ?? null }} />}
            <bdi style={{ marginInlineStart: 8, overflowWrap: "anywhere" }}>{option.label}</bdi>
          </>
        );
      }}
      searchValue={search}
      onSearchChange={setSearch}
      value={chosen}
      onChange={(value) => {
        setChosen(value);
        const picked = labels.find(({ id }) => id === value);
        setNamed(picked?.name ?? (value ?? "").slice(NEW.length));
        onPick(picked ? { label: picked } : value?.startsWith(NEW) ? { name: value.slice(NEW.length) } : null);
      }}
    />
  );
}
