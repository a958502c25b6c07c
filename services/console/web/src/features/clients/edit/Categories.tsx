import { Stack, Switch, Text } from "@mantine/core";
import { useProfileWords } from "../../../words/profile";
import type { Category } from "./api";
import { useEditing } from "./Editing";

/** What kinds of messages the person wants. */
export function CategoryFields({ categories }: { categories: readonly Category[] }) {
  const { form } = useProfileWords();
  const { draft, set } = useEditing();
  if (categories.length === 0) return <Text c="dimmed">{form.categoriesNone}</Text>;
  return (
    <Stack gap="sm">
      {categories.map(({ id, name, description, by_default: byDefault }) => (
        <Switch
          key={id}
          label={<bdi>{name}</bdi>}
          description={description && <bdi>{description}</bdi>}
          checked={draft.subscriptions[id] ?? byDefault}
          onChange={(event) => {
            set({ subscriptions: { ...draft.subscriptions, [id]: event.currentTarget.checked } });
          }}
        />
      ))}
    </Stack>
  );
}
