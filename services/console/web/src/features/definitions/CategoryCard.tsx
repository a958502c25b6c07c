import { Button, Group, Stack, Switch, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { explained } from "../../ui/Failure";
import { Refused } from "../../ui/Refused";
import { Side } from "../../ui/Side";
import { useWords } from "../../words";
import { useProfileWords } from "../../words/profile";
import { addCategory, type Category, changeCategory, deleteCategory } from "./api";
import { Deleting } from "./Deleting";
import { useSaving } from "./useSaving";

/** One category, to be added (null) or changed. */
export function CategoryCard({ category, onClose }: { category: Category | null; onClose: () => void }) {
  const words = useWords();
  const { categoriesPage: say, fieldsPage } = useProfileWords();
  const [name, setName] = useState(category?.name ?? "");
  const [description, setDescription] = useState(category?.description ?? "");
  const [byDefault, setByDefault] = useState(category?.by_default ?? false);
  const [rev, setRev] = useState(category?.rev ?? null);
  const [missing, setMissing] = useState<string>();
  const { save, pending, problem, wrong } = useSaving(async () => {
    const body = { name: name.trim(), description: description.trim(), by_default: byDefault };
    return category ? changeCategory(category.id, { ...body, rev }) : addCategory(body);
  }, onClose);
  const meanwhile = problem?.kind === "changed-meanwhile" ? (problem.more.current as Category) : null;
  if (meanwhile && meanwhile.rev !== rev) setRev(meanwhile.rev);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMissing(name.trim() ? undefined : fieldsPage.missing);
    if (name.trim() && !pending) save(undefined);
  };
  return (
    <Side rowId={category?.id ?? ""} holds title={category ? <bdi>{category.name}</bdi> : say.addTitle} onClose={onClose}>
      <form onSubmit={submit} noValidate data-testid="category-card">
        <Stack gap="md">
          {meanwhile ? <Refused>{fieldsPage.changed(meanwhile.name)}</Refused> : problem && problem.fields.length === 0 && <Refused>{explained(problem, words).text}</Refused>}
          <TextInput
            data-autofocus
            label={say.columns.name}
            name="name"
            maxLength={100}
            dir="auto"
            autoComplete="off"
            value={name}
            error={missing ?? wrong("name")}
            onChange={(event) => {
              setName(event.currentTarget.value);
              setMissing(undefined);
            }}
          />
          <Textarea
            label={say.columns.description}
            description={say.descriptionHelp}
            name="description"
            autosize
            minRows={2}
            maxRows={6}
            maxLength={500}
            dir="auto"
            value={description}
            error={wrong("description")}
            onChange={(event) => {
              setDescription(event.currentTarget.value);
            }}
          />
          <Switch
            label={say.byDefault}
            checked={byDefault}
            onChange={(event) => {
              setByDefault(event.currentTarget.checked);
            }}
          />
          <Group gap="xs">
            <Button type="submit" loading={pending}>
              {fieldsPage.save}
            </Button>
            <Button variant="default" onClick={onClose}>
              {words.app.cancel}
            </Button>
          </Group>
          {category && <Deleting name={category.name} title={say.deleteTitle(category.name)} text={say.deleteText} onDelete={() => deleteCategory(category.id)} onDone={onClose} />}
        </Stack>
      </form>
    </Side>
  );
}
