import { Button } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQueries, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ChannelIcon } from "../../../ui/channels";
import { type Choice, ChoiceFilter } from "../../../ui/ChoiceFilter";
import { TagIcon, type TagLike } from "../../../ui/TagBadge";
import { useWords } from "../../../words";
import { usePeopleWords } from "../../../words/people";
import { useMayEditPeople } from "../../session";
import { type Filters, isFiltered, LISTED, NO_FILTERS } from "../filters";
import { getLabel, getLabels, type LabelKind } from "./getLabels";
import { SOURCES } from "./sources";
import classes from "./lists.module.css";
import { SaveSegment } from "./SaveSegment";

const LABELS = [
  { name: "tag", kind: "tag" },
  { name: "not_tag", kind: "tag" },
  { name: "group", kind: "group" },
  { name: "segment", kind: "segment" },
] as const;

interface Props {
  filters: Filters;
  onChange: (changes: Partial<Filters>) => void;
  /** Tags, groups and segments that rows name: what is chosen may be none of the first ones by name. */
  known: ReadonlyMap<string, TagLike>;
}

/** What a list of people is narrowed by, all combined. */
export default function FilterChoices({ filters, onChange, known }: Props) {
  const { channels } = useWords();
  const { filters: say } = usePeopleWords();
  const mayEdit = useMayEditPeople();
  return (
    <div className={classes.filters}>
      <ChoiceFilter
        name={say.source}
        choices={SOURCES.map((id) => ({ id, name: channels[id] ?? id, mark: <ChannelIcon channel={id} /> }))}
        chosen={filters.source}
        onChange={(source) => {
          onChange({ source });
        }}
        none={say.none}
        words={say}
      />
      {LABELS.map(({ name, kind }) => (
        <LabelFilter
          key={name}
          kind={kind}
          name={say[name]}
          chosen={filters[name]}
          known={known}
          onChange={(chosen) => {
            onChange({ [name]: chosen });
          }}
        />
      ))}
      {mayEdit && isFiltered(filters) && (
        <SaveSegment
          filters={filters}
          onSaved={(segment) => {
            onChange({ ...NO_FILTERS, segment: [segment] });
          }}
        />
      )}
      {isFiltered(filters) && (
        <Button
          variant="subtle"
          onClick={() => {
            onChange({ registered: "all", ...Object.fromEntries(LISTED.map((name) => [name, []])) });
          }}
        >
          {say.clearAll}
        </Button>
      )}
    </div>
  );
}

interface LabelProps {
  kind: LabelKind;
  name: string;
  chosen: readonly string[];
  known: ReadonlyMap<string, TagLike>;
  onChange: (chosen: string[]) => void;
}

function LabelFilter({ kind, name, chosen, known, onChange }: LabelProps) {
  const { filters: say } = usePeopleWords();
  const [search, setSearch] = useState("");
  const [asked] = useDebouncedValue(search.trim(), 200);
  const found = useQuery({
    queryKey: ["labels", kind, asked],
    queryFn: ({ signal }) => getLabels(kind, asked, signal),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
  const listed = found.data ?? [];
  const others = chosen.filter((id) => !listed.some((label) => label.id === id));
  const named = useQueries({
    queries: others.map((id) => ({
      queryKey: ["labels", kind, "one", id],
      queryFn: ({ signal }: { signal: AbortSignal }) => getLabel(kind, id, signal),
      enabled: found.isSuccess && !known.has(id),
      staleTime: 60_000,
    })),
  });
  const labels = [...others.map((id, place) => known.get(id) ?? named[place]?.data).filter((label) => label !== undefined), ...listed];
  const choices: Choice[] = labels.map((label) => ({ id: label.id, name: label.name, mark: kind === "tag" && <TagIcon tag={label} /> }));
  return (
    <ChoiceFilter
      name={name}
      choices={choices}
      chosen={chosen}
      onChange={onChange}
      search={{ label: say.search, value: search, onChange: setSearch }}
      none={asked ? say.none : say.noneYet[kind]}
      words={say}
    />
  );
}
