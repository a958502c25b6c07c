import { Button, Checkbox, CloseButton, Popover, Stack, Text, TextInput } from "@mantine/core";
import { IconChevronDown, IconSearch } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import classes from "./ChoiceFilter.module.css";

export interface Choice {
  id: string;
  name: string;
  /** What stands before the name. */
  mark?: ReactNode;
}

interface Props {
  name: string;
  choices: readonly Choice[];
  /** Ids. */
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
  /** Searches among more choices than are shown. */
  search?: { label: string; value: string; onChange: (value: string) => void };
  /** Said where there are no choices. */
  none: string;
  words: { chosen: (name: string, chosen: string) => string; clear: string };
}

/** A filter in a list's bar: what is chosen stands on its button, the choices are behind it. */
export function ChoiceFilter({ name, choices, chosen, onChange, search, none, words }: Props) {
  const [opened, setOpened] = useState(false);
  const names = chosen.map((id) => choices.find((choice) => choice.id === id)?.name);
  const [first] = names;
  const said = names.length === 1 && first !== undefined ? first : String(names.length);
  const label = chosen.length > 0 ? words.chosen(name, said) : name;
  return (
    <span className={classes.filter}>
      <Popover opened={opened} onChange={setOpened} position="bottom-start" width={280} trapFocus returnFocus shadow="md" withinPortal>
        <Popover.Target>
          <Button
            variant="default"
            fw={500}
            className={classes.button}
            data-chosen={chosen.length > 0}
            rightSection={chosen.length > 0 ? undefined : <IconChevronDown size={14} aria-hidden />}
            onClick={() => {
              setOpened((before) => !before);
            }}
          >
            <bdi className={classes.label}>{label}</bdi>
          </Button>
        </Popover.Target>
        <Popover.Dropdown aria-label={name}>
          <Stack gap="xs">
            {search && (
              <TextInput
                size="sm"
                aria-label={search.label}
                placeholder={search.label}
                leftSection={<IconSearch size={16} aria-hidden />}
                value={search.value}
                maxLength={64}
                dir="auto"
                autoComplete="off"
                onChange={(event) => {
                  search.onChange(event.currentTarget.value);
                }}
              />
            )}
            {choices.length === 0 && (
              <Text c="dimmed" size="sm">
                {none}
              </Text>
            )}
            <div className={classes.choices}>
                {choices.map(({ id, name: called, mark }) => (
                  <Checkbox
                    key={id}
                    size="sm"
                    label={
                      <span className={classes.choice}>
                        {mark}
                        <bdi>{called}</bdi>
                      </span>
                    }
                    checked={chosen.includes(id)}
                    onChange={(event) => {
                      onChange(event.currentTarget.checked ? [...chosen, id] : chosen.filter((other) => other !== id));
                    }}
                  />
                ))}
            </div>
          </Stack>
        </Popover.Dropdown>
      </Popover>
      {chosen.length > 0 && (
        <CloseButton
          size="sm"
          className={classes.clear}
          aria-label={`${words.clear}: ${name}`}
          onClick={() => {
            onChange([]);
          }}
        />
      )}
    </span>
  );
}
