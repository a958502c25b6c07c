import { Alert, Button, Group, Radio, Stack, Table, Text } from "@mantine/core";
import { useId, useState } from "react";
import { languageName } from "../../../ui/languages";
import { useSpeech } from "../../../words";
import { type ProfileWords, useProfileWords } from "../../../words/profile";
import { countryName } from "../countries";
import type { Category, FieldDefinition, Label } from "./api";
import { type AddressDraft, type Draft, differing, isSame, type LocationDraft, type Part, valueOf, withPart } from "./draft";

interface Props {
  /** As it was when editing began. */
  start: Draft;
  mine: Draft;
  theirs: Draft;
  fields: readonly FieldDefinition[];
  categories: readonly Category[];
  loading: boolean;
  onSave: (chosen: Draft) => void;
  onBack: () => void;
}

/** Two people changed one contact: what differs, side by side, and which of the two is to hold, line by line. */
export function Conflict({ start, mine, theirs, fields, categories, loading, onSave, onBack }: Props) {
  const { locale } = useSpeech();
  const say = useProfileWords();
  const { conflict } = say;
  const id = useId();
  const parts = differing(mine, theirs);
  // What only they changed is theirs to begin with; of what both did, one's own is.
  const [taken, setTaken] = useState<Readonly<Record<Part, "mine" | "theirs">>>({});
  const holds = (part: Part) => taken[part] ?? (isSame(start, mine, part) ? "theirs" : "mine");
  const told = teller(say, locale, fields, categories);
  return (
    <Alert role="alert" color="yellow" variant="light" title={conflict.title} styles={{ label: { color: "var(--mantine-color-text)" } }} data-testid="conflict">
      <Stack gap="sm">
        <Text size="sm">{conflict.text}</Text>
        <Table withRowBorders layout="fixed">
          <Table.Thead>
            <Table.Tr>
              <Table.Th w="26%">{conflict.what}</Table.Th>
              <Table.Th>{conflict.mine}</Table.Th>
              <Table.Th>{conflict.theirs}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {parts.map((part) => (
              <Table.Tr key={part} role="radiogroup" aria-label={told.name(part)}>
                <Table.Th scope="row" dir="auto">
                  {told.name(part)}
                </Table.Th>
                {(["mine", "theirs"] as const).map((whose) => (
                  <Table.Td key={whose} style={{ overflowWrap: "anywhere" }}>
                    <Radio
                      name={`${id}-${part}`}
                      label={<bdi>{told.value(part, whose === "mine" ? mine : theirs) || conflict.empty}</bdi>}
                      checked={holds(part) === whose}
                      onChange={() => {
                        setTaken({ ...taken, [part]: whose });
                      }}
                    />
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <Group gap="xs">
          <Button
            size="xs"
            loading={loading}
            onClick={() => {
              onSave(parts.reduce((chosen, part) => (holds(part) === "mine" ? withPart(chosen, part, mine) : chosen), theirs));
            }}
          >
            {conflict.save}
          </Button>
          <Button size="xs" variant="default" onClick={onBack}>
            {conflict.back}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}

function teller({ form, yes, no }: ProfileWords, locale: string, fields: readonly FieldDefinition[], categories: readonly Category[]) {
  const names: Record<string, string> = { name: form.name, surname: form.surname, email: form.email, phone: form.phone, contact_key: form.contactKey, language: form.language, time_zone: form.timeZone, address: form.address, location: form.location, tags: form.tags, groups: form.groups };
  const fieldOf = (part: Part) => fields.find(({ key }) => part === `fields.${key}`);
  return {
    name: (part: Part) => names[part] ?? fieldOf(part)?.name ?? categories.find(({ id }) => part === `subscriptions.${id}`)?.name ?? part,
    value: (part: Part, draft: Draft): string => {
      const value = valueOf(draft, part);
      if (value === null || value === undefined || value === "") return "";
      if (part === "language") return languageName(value as string, locale);
      if (part === "address" || part === "location") return placeText(value as AddressDraft | LocationDraft, locale);
      if (part === "tags" || part === "groups") return (value as Label[]).map(({ name }) => name).join(", ");
      if (typeof value === "boolean") return value ? yes : no;
      const labels = fieldOf(part)?.choices ?? [];
      const named = (one: unknown) => labels.find(({ id }) => id === one)?.label ?? String(one);
      return Array.isArray(value) ? value.map(named).join(", ") : named(value);
    },
  };
}

function placeText(place: AddressDraft | LocationDraft, locale: string): string {
  const texts = Object.entries(place).map(([part, text]: [string, string]) => (part === "country" && text ? countryName(text, locale) : text));
  return texts.filter(Boolean).join(", ");
}
