import { Button, Stack, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import type { ContactForm } from "../../api/queues";
import { useQueueWords } from "../../words/queues";
import { moved, newField, removed, replaced } from "./draft";
import { useEditing } from "./Editing";
import { FieldEditor } from "./FieldEditor";
import { Movable } from "./Movable";
import classes from "./queues.module.css";
import { TextsInput } from "./TextsInput";

/** What visitors are asked, in which order and in which words. */
export function FormBuilder() {
  const say = useQueueWords();
  const { draft, change, wrong, languages } = useEditing();
  const { form } = draft;
  const [said, setSaid] = useState("");
  const set = (part: Partial<ContactForm>) => {
    change({ form: { ...form, ...part } });
  };
  const nameOf = (at: number) => form.fields[at]?.label[languages[0] ?? ""] || say.question(at + 1);
  return (
    <Stack gap="md">
      <TextsInput
        label={say.formTitle}
        place="form.title"
        texts={form.title}
        onChange={(title) => {
          set({ title });
        }}
      />
      <div role="group" aria-label={say.fields}>
        <Text fw={600}>{say.fields}</Text>
        <Text size="xs" c="dimmed" mb="xs">
          {say.fieldsHelp} {say.reorderHelp}
        </Text>
        <ol className={classes.list} data-testid="fields">
          {form.fields.map((field, at) => (
            <Movable
              key={field.id}
              name={nameOf(at)}
              at={at}
              count={form.fields.length}
              onMove={(to) => {
                setSaid(say.moved(nameOf(at), to + 1, form.fields.length));
                set({ fields: moved(form.fields, at, to) });
              }}
              onRemove={() => {
                set({ fields: removed(form.fields, at) });
              }}
            >
              <FieldEditor
                field={field}
                place={`form.fields.${String(at)}`}
                onChange={(changed) => {
                  set({ fields: replaced(form.fields, at, changed) });
                }}
              />
            </Movable>
          ))}
        </ol>
        <span className={classes.hidden} role="status">
          {said}
        </span>
        {wrong("form.fields") && (
          <Text size="xs" c="red" role="alert" mb="xs">
            {wrong("form.fields")}
          </Text>
        )}
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => {
            set({ fields: [...form.fields, newField(form.fields)] });
          }}
        >
          {say.addField}
        </Button>
      </div>
      <TextsInput
        lines
        label={say.thanks}
        place="form.thanks"
        texts={form.thanks}
        onChange={(thanks) => {
          set({ thanks });
        }}
      />
    </Stack>
  );
}
