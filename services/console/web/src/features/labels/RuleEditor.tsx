import { Fieldset, MultiSelect, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getLabels, type LabelKind, LABELS_KEY, type Rule } from "../../api/labels";
import { useWords } from "../../words";
import { useLabelWords } from "../../words/labels";

const SOURCES = ["telegram", "whatsapp", "messenger", "instagram", "widget", "custom"];
const OFFERED = 200;
const LISTS = [
  ["tag", "tag"],
  ["not_tag", "tag"],
  ["group", "group"],
  ["segment", "segment"],
] as const;

/** The filter that keeps a segment. */
export function RuleEditor({ rule, onChange }: { rule: Rule; onChange: (rule: Rule) => void }) {
  const say = useLabelWords();
  const { channels } = useWords();
  const set = (news: Rule) => {
    onChange({ ...rule, ...news });
  };
  return (
    <Fieldset legend={say.rule} radius="md">
      <Stack gap="sm">
        <TextInput
          label={say.ruleFields.search}
          maxLength={200}
          dir="auto"
          autoComplete="off"
          value={rule.search ?? ""}
          onChange={(event) => {
            set({ search: event.currentTarget.value });
          }}
        />
        {(["registered", "refused"] as const).map((name) => (
          <div key={name}>
            <Text size="sm" fw={500} id={`rule-${name}`}>
              {say.ruleFields[name]}
            </Text>
            <SegmentedControl
              aria-labelledby={`rule-${name}`}
              size="xs"
              mt={4}
              value={rule[name] === true ? "yes" : rule[name] === false ? "no" : "any"}
              onChange={(value) => {
                set({ [name]: value === "any" ? null : value === "yes" });
              }}
              data={[
                { value: "any", label: say.any },
                { value: "yes", label: say.yes },
                { value: "no", label: say.no },
              ]}
            />
          </div>
        ))}
        <MultiSelect
          label={say.ruleFields.source}
          data={SOURCES.map((value) => ({ value, label: channels[value] ?? value }))}
          value={rule.source ?? []}
          onChange={(source) => {
            set({ source: source as NonNullable<Rule["source"]> });
          }}
        />
        {LISTS.map(([name, kind]) => (
          <Labels
            key={name}
            kind={kind}
            label={say.ruleFields[name]}
            value={rule[name] ?? []}
            onChange={(ids) => {
              set({ [name]: ids });
            }}
          />
        ))}
      </Stack>
    </Fieldset>
  );
}

function Labels({ kind, label, value, onChange }: { kind: LabelKind; label: string; value: string[]; onChange: (ids: string[]) => void }) {
  const say = useLabelWords();
  const found = useQuery({ queryKey: [...LABELS_KEY, kind, "all"], queryFn: ({ signal }) => getLabels(kind, { limit: OFFERED }, signal), staleTime: 10_000 });
  const known = new Map((found.data?.items ?? []).map(({ id, name }) => [id, name]));
  const all = [...new Set([...known.keys(), ...value])];
  return (
    <MultiSelect
      searchable
      label={label}
      maxValues={20}
      limit={50}
      nothingFoundMessage={say.nothingFound}
      data={all.map((id) => ({ value: id, label: known.get(id) ?? id }))}
      value={value}
      onChange={onChange}
    />
  );
}
