import { MultiSelect, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useProfileWords } from "../../../words/profile";
import type { FieldDefinition } from "./api";
import { asNumber, type FieldValue } from "./draft";
import { useEditing } from "./Editing";

/** The additional fields, each as its type wants it. A retired one only where it is filled in. */
export function FieldInputs({ fields }: { fields: readonly FieldDefinition[] }) {
  const { form } = useProfileWords();
  const { draft } = useEditing();
  const offered = fields.filter(({ retired, key }) => !retired || (draft.fields[key] ?? null) !== null);
  if (offered.length === 0) return <Text c="dimmed">{form.fieldsNone}</Text>;
  return (
    <Stack gap="sm">
      {offered.map((field) => (
        <FieldInput key={field.id} field={field} />
      ))}
    </Stack>
  );
}

function FieldInput({ field }: { field: FieldDefinition }) {
  const { form, yes, no } = useProfileWords();
  const { draft, set, wrong } = useEditing();
  const value = draft.fields[field.key] ?? null;
  const change = (next: FieldValue) => {
    set({ fields: { ...draft.fields, [field.key]: next } });
  };
  const name = `fields.${field.key}`;
  const common = { name, label: field.retired ? `${field.name} ${form.retired}` : field.name, error: wrong(name) };
  const choices = field.choices.map(({ id, label }) => ({ value: id, label }));
  switch (field.type) {
    case "text":
      return (
        <Textarea
          {...common}
          dir="auto"
          autosize
          minRows={1}
          maxRows={6}
          maxLength={1000}
          value={typeof value === "string" ? value : ""}
          onChange={(event) => {
            change(event.currentTarget.value);
          }}
        />
      );
    case "number":
      return (
        <TextInput
          {...common}
          inputMode="decimal"
          autoComplete="off"
          value={value === null ? "" : String(value)}
          onChange={(event) => {
            change(event.currentTarget.value);
          }}
          onBlur={(event) => {
            const found = asNumber(event.currentTarget.value);
            if (found !== null && found !== value) change(found);
          }}
        />
      );
    case "date":
      return (
        <TextInput
          {...common}
          type="date"
          value={typeof value === "string" ? value : ""}
          onChange={(event) => {
            change(event.currentTarget.value || null);
          }}
        />
      );
    case "yes_no":
      return (
        <Select
          {...common}
          clearable
          clearButtonProps={{ "aria-label": form.clear }}
          placeholder={form.notSaid}
          data={[
            { value: "true", label: yes },
            { value: "false", label: no },
          ]}
          value={value === null ? null : String(value)}
          onChange={(chosen) => {
            change(chosen === null ? null : chosen === "true");
          }}
        />
      );
    case "one_of":
      return (
        <Select
          {...common}
          clearable
          searchable
          clearButtonProps={{ "aria-label": form.clear }}
          placeholder={form.notSaid}
          nothingFoundMessage={form.nothingFound}
          data={choices}
          value={typeof value === "string" ? value : null}
          onChange={change}
        />
      );
    default:
      return (
        <MultiSelect
          {...common}
          searchable
          clearable
          clearButtonProps={{ "aria-label": form.clear }}
          nothingFoundMessage={form.nothingFound}
          data={choices}
          value={Array.isArray(value) ? value : []}
          onChange={(chosen) => {
            change(chosen.length > 0 ? chosen : null);
          }}
        />
      );
  }
}
