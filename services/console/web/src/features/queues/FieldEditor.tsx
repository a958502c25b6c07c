import { ActionIcon, Button, Checkbox, Group, NativeSelect, Stack, Text } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import type { FieldKind, FormField } from "../../api/queues";
import { useQueueWords } from "../../words/queues";
import { freeId, removed, replaced } from "./draft";
import { useEditing } from "./Editing";
import classes from "./queues.module.css";
import { TextsInput } from "./TextsInput";

const KINDS: readonly FieldKind[] = ["name", "email", "phone", "text", "choice", "consent"];

interface Props {
  field: FormField;
  /** Where the service names its faults: `form.fields.2`. */
  place: string;
  onChange: (field: FormField) => void;
}

/** One question: its kind, its words, and what may be answered. */
export function FieldEditor({ field, place, onChange }: Props) {
  const say = useQueueWords();
  const { wrong } = useEditing();
  const become = (kind: FieldKind) => {
    const isChoice = kind === "choice";
    const choices = isChoice && field.choices.length < 2 ? [{ id: "a1", label: {} }, { id: "a2", label: {} }] : isChoice ? field.choices : [];
    onChange({ ...field, kind, choices, several: isChoice && field.several });
  };
  return (
    <Stack gap="xs">
      <Group gap="md" align="flex-end">
        <NativeSelect
          label={say.fieldKind}
          w={150}
          value={field.kind}
          error={wrong(`${place}.kind`)}
          data={KINDS.map((kind) => ({ value: kind, label: say.fieldKinds[kind] ?? kind }))}
          onChange={(event) => {
            become(event.currentTarget.value as FieldKind);
          }}
        />
        <Checkbox
          mb={8}
          label={say.required}
          checked={field.required}
          onChange={(event) => {
            onChange({ ...field, required: event.currentTarget.checked });
          }}
        />
        {field.kind === "choice" && (
          <Checkbox
            mb={8}
            label={say.several}
            checked={field.several}
            onChange={(event) => {
              onChange({ ...field, several: event.currentTarget.checked });
            }}
          />
        )}
      </Group>
      <TextsInput
        label={say.fieldLabel}
        place={`${place}.label`}
        texts={field.label}
        onChange={(label) => {
          onChange({ ...field, label });
        }}
      />
      {field.kind === "choice" && <Choices field={field} place={place} onChange={onChange} />}
    </Stack>
  );
}

function Choices({ field, place, onChange }: Props) {
  const say = useQueueWords();
  const { wrong } = useEditing();
  const { choices } = field;
  return (
    <div role="group" aria-label={say.choices} className={classes.choices}>
      {choices.map((choice, at) => (
        <div key={choice.id} className={classes.choice}>
          <TextsInput
            label={say.choiceLabel(at + 1)}
            place={`${place}.choices.${String(at)}.label`}
            texts={choice.label}
            onChange={(label) => {
              onChange({ ...field, choices: replaced(choices, at, { ...choice, label }) });
            }}
          />
          <ActionIcon
            mb={6}
            variant="subtle"
            color="gray"
            aria-label={say.removeOne(say.choiceLabel(at + 1))}
            onClick={() => {
              onChange({ ...field, choices: removed(choices, at) });
            }}
          >
            <IconX size={16} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      {wrong(`${place}.choices`) && (
        <Text size="xs" c="red" role="alert">
          {wrong(`${place}.choices`)}
        </Text>
      )}
      <Button
        variant="subtle"
        size="compact-sm"
        w="fit-content"
        leftSection={<IconPlus size={14} aria-hidden />}
        onClick={() => {
          onChange({ ...field, choices: [...choices, { id: freeId("a", choices), label: {} }] });
        }}
      >
        {say.addChoice}
      </Button>
    </div>
  );
}
