import { Group, Select, TextInput } from "@mantine/core";
import { TagIcon } from "../../../ui/TagBadge";
import { usePeopleWords } from "../../../words/people";
import type { Looks } from "./CreateVisitor";
import classes from "./lists.module.css";
import { TAG_COLORS } from "./makeTag";

interface Props {
  names: readonly string[];
  looks: Looks;
  onChange: (looks: Looks) => void;
}

/** Tags that are made on the fly: each with a colour and what it is for. */
export function NewTags({ names, looks, onChange }: Props) {
  const { tag: say } = usePeopleWords();
  const colors = TAG_COLORS.map((color) => ({ value: color, label: say.colors[color] ?? color }));
  return names.map((name) => {
    const { color = "gray", description = "" } = looks[name] ?? {};
    const look = (changes: Looks[string]) => {
      onChange({ ...looks, [name]: { ...looks[name], ...changes } });
    };
    return (
      <fieldset key={name} className={classes.fresh}>
        <legend>
          <bdi>{say.isNew(name)}</bdi>
        </legend>
        <Group gap="sm" wrap="nowrap" align="flex-end">
          <Select
            label={say.color}
            data={colors}
            value={color}
            allowDeselect={false}
            leftSection={<TagIcon tag={{ id: name, name, color }} />}
            renderOption={({ option }) => (
              <Group gap={8}>
                <TagIcon tag={{ id: option.value, name: option.label, color: option.value }} />
                {option.label}
              </Group>
            )}
            onChange={(chosen) => {
              look({ color: TAG_COLORS.find((one) => one === chosen) ?? "gray" });
            }}
          />
          <TextInput
            flex={1}
            label={say.about}
            value={description}
            maxLength={500}
            dir="auto"
            autoComplete="off"
            onChange={(event) => {
              look({ description: event.currentTarget.value });
            }}
          />
        </Group>
      </fieldset>
    );
  });
}
