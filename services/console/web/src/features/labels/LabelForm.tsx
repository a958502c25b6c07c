import { Button, Group, Radio, Stack, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useRef, useState } from "react";
import type { Problem } from "../../api/problem";
import type { Draft, LabelKind, TagColor } from "../../api/labels";
import { explained } from "../../ui/Failure";
import { Refused } from "../../ui/Refused";
import { TagBadge } from "../../ui/TagBadge";
import { useWords } from "../../words";
import { useLabelWords } from "../../words/labels";
import classes from "./labels.module.css";
import { RuleEditor } from "./RuleEditor";

const COLORS: readonly TagColor[] = ["gray", "red", "pink", "grape", "violet", "indigo", "blue", "cyan", "teal", "green", "lime", "yellow", "orange"];

interface Props {
  kind: LabelKind;
  draft: Draft;
  /** A new segment chooses how it is kept; one that is there stays as it is. */
  isNew?: boolean;
  confirm: string;
  pending: boolean;
  problem: Problem | null;
  /** There is one of this name already. */
  taken?: boolean;
  onSave: (draft: Draft) => void;
  onCancel: () => void;
}

/** What a tag, a contact group or a segment is called, and what it stands for. */
export function LabelForm({ kind, draft: given, isNew = false, confirm, pending, problem, taken = false, onSave, onCancel }: Props) {
  const words = useWords();
  const say = useLabelWords();
  const [draft, setDraft] = useState(given);
  const [lacks, setLacks] = useState(false);
  const name = useRef<HTMLInputElement>(null);
  const change = (news: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...news }));
    setLacks(false);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found = { ...draft, name: draft.name.trim() };
    setLacks(!found.name);
    if (found.name) onSave(found);
    else name.current?.focus();
  };
  const isTaken = taken || problem?.kind === "name-taken";
  const nameError = lacks ? say.nameMissing : isTaken ? say.nameTaken : problem?.fields.find(({ field }) => field === "name")?.message;
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <TextInput
          ref={name}
          label={say.name}
          required
          withAsterisk={false}
          data-autofocus
          dir="auto"
          autoComplete="off"
          maxLength={64}
          value={draft.name}
          error={nameError}
          errorProps={{ role: "alert" }}
          onChange={(event) => {
            change({ name: event.currentTarget.value });
          }}
        />
        {kind === "tag" && (
          <Colors
            value={draft.color ?? "gray"}
            name={draft.name}
            onChange={(color) => {
              change({ color });
            }}
          />
        )}
        <Textarea
          label={say.description}
          description={say.descriptionHelp}
          autosize
          minRows={2}
          maxRows={6}
          maxLength={500}
          dir="auto"
          value={draft.description}
          onChange={(event) => {
            change({ description: event.currentTarget.value });
          }}
        />
        {kind === "segment" && isNew && (
          <Radio.Group
            label={say.howKept}
            value={draft.rule ? "by_rule" : "by_hand"}
            onChange={(kept) => {
              change({ rule: kept === "by_rule" ? {} : null });
            }}
          >
            <Stack gap="xs" mt={4}>
              {(["by_hand", "by_rule"] as const).map((kept) => (
                <Radio key={kept} value={kept} label={say.kept[kept]} description={say.keptHelp[kept]} />
              ))}
            </Stack>
          </Radio.Group>
        )}
        {draft.rule && (
          <RuleEditor
            rule={draft.rule}
            onChange={(rule) => {
              change({ rule });
            }}
          />
        )}
        {problem && !nameError && (
          <Refused title={problem.kind === "changed-meanwhile" ? say.changedTitle : undefined}>
            {problem.kind === "changed-meanwhile" ? say.changed : explained(problem, words).text}
          </Refused>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onCancel}>
            {words.app.cancel}
          </Button>
          <Button type="submit" loading={pending}>
            {confirm}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** The palette, each colour as the tag would look in it. */
function Colors({ value, name, onChange }: { value: TagColor; name: string; onChange: (color: TagColor) => void }) {
  const say = useLabelWords();
  return (
    <fieldset style={{ border: 0, margin: 0, padding: 0 }}>
      <legend style={{ padding: 0, fontWeight: 600 }}>{say.color}</legend>
      <div className={classes.colors}>
        {COLORS.map((color) => (
          <label key={color} className={classes.color} data-tip={say.colors[color]}>
            <input
              type="radio"
              name="color"
              value={color}
              aria-label={say.colors[color]}
              checked={color === value}
              onChange={() => {
                onChange(color);
              }}
            />
            <TagBadge tag={{ id: color, name: color === value && name.trim() ? name : (say.colors[color] ?? color), color }} />
          </label>
        ))}
      </div>
    </fieldset>
  );
}
