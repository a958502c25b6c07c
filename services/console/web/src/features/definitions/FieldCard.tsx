import { Button, Group, Select, Stack, Switch, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { explained } from "../../ui/Failure";
import { Refused } from "../../ui/Refused";
import { Side } from "../../ui/Side";
import { useWords } from "../../words";
import { useProfileWords } from "../../words/profile";
import { addField, changeField, deleteField, type Field } from "./api";
import { Choices, type DraftChoice } from "./Choices";
import { Deleting } from "./Deleting";
import { useSaving } from "./useSaving";

const TYPES: readonly Field["type"][] = ["text", "number", "date", "yes_no", "one_of", "several_of"];

/** One field, to be added (null) or changed. Its type and its key stay as they were made. */
export function FieldCard({ field, onClose }: { field: Field | null; onClose: () => void }) {
  const words = useWords();
  const { fieldsPage: say } = useProfileWords();
  const [base] = useState(field);
  const [name, setName] = useState(field?.name ?? "");
  const [key, setKey] = useState("");
  const [type, setType] = useState<Field["type"]>(field?.type ?? "text");
  const [choices, setChoices] = useState<readonly DraftChoice[]>(() => field?.choices ?? [{ id: null, label: "" }]);
  const [retired, setRetired] = useState(field?.retired ?? false);
  const [lacks, setLacks] = useState<{ name?: string; choices?: string }>({});
  const hasChoices = type === "one_of" || type === "several_of";
  const sent = choices.map(({ id, label }) => ({ id, label: label.trim() }));
  const { save, pending, problem, wrong } = useSaving(async () => {
    const part = { name: name.trim(), ...(hasChoices && { choices: sent }) };
    // Of what somebody else changed meanwhile the user was told, before they saved again.
    if (field) return changeField(field.id, { ...part, retired, rev: seen });
    return addField({ ...part, type, ...(key.trim() && { key: key.trim() }) });
  }, onClose);
  const meanwhile = problem?.kind === "changed-meanwhile" ? (problem.more.current as Field) : null;
  const [shownRev, setShownRev] = useState<number | null>(null);
  const seen = shownRev ?? base?.rev ?? null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found = { ...(!name.trim() && { name: say.missing }), ...(hasChoices && sent.some(({ label }) => !label) && { choices: say.choiceMissing }) };
    setLacks(found);
    if (!found.name && !found.choices && !pending) save(undefined);
  };
  if (meanwhile && meanwhile.rev !== seen) setShownRev(meanwhile.rev);
  return (
    <Side rowId={field?.id ?? ""} holds title={field ? <bdi>{field.name}</bdi> : say.addTitle} onClose={onClose}>
      <form onSubmit={submit} noValidate data-testid="field-card">
        <Stack gap="md">
          {meanwhile ? <Refused>{say.changed(meanwhile.name)}</Refused> : problem && problem.fields.length === 0 && <Refused>{explained(problem, words).text}</Refused>}
          <TextInput
            data-autofocus
            label={say.columns.name}
            name="name"
            maxLength={100}
            dir="auto"
            autoComplete="off"
            value={name}
            error={lacks.name ?? wrong("name")}
            onChange={(event) => {
              setName(event.currentTarget.value);
              setLacks({});
            }}
          />
          <Select
            label={say.columns.type}
            description={say.typeHelp}
            data={TYPES.map((value) => ({ value, label: say.types[value] ?? value }))}
            value={type}
            readOnly={field !== null}
            variant={field ? "filled" : "default"}
            allowDeselect={false}
            onChange={(value) => {
              setType(value as Field["type"]);
            }}
          />
          <TextInput
            label={say.columns.key}
            description={field ? say.keyHelp : `${say.keyHelp} ${say.keyAuto}`}
            name="key"
            maxLength={48}
            autoComplete="off"
            spellCheck={false}
            readOnly={field !== null}
            variant={field ? "filled" : "default"}
            value={field?.key ?? key}
            error={wrong("key")}
            onChange={(event) => {
              setKey(event.currentTarget.value);
            }}
          />
          {hasChoices && (
            <Choices
              choices={choices}
              error={lacks.choices ?? wrong("choices")}
              wrong={wrong}
              onChange={(next) => {
                setChoices(next);
                setLacks({});
              }}
            />
          )}
          {field && (
            <Switch
              label={say.retired}
              description={say.retireHelp}
              checked={retired}
              onChange={(event) => {
                setRetired(event.currentTarget.checked);
              }}
            />
          )}
          <Group gap="xs">
            <Button type="submit" loading={pending}>
              {say.save}
            </Button>
            <Button variant="default" onClick={onClose}>
              {words.app.cancel}
            </Button>
          </Group>
          {field && <Deleting name={field.name} title={say.deleteTitle(field.name)} text={say.deleteText} onDelete={() => deleteField(field.id)} onDone={onClose} />}
        </Stack>
      </form>
    </Side>
  );
}
