import { ActionIcon, Button, Group, Input, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useProfileWords } from "../../words/profile";

export interface DraftChoice {
  /** Null of one that is new. */
  id: string | null;
  label: string;
}

interface Props {
  choices: readonly DraftChoice[];
  error: string | undefined;
  wrong: (place: string) => string | undefined;
  onChange: (choices: readonly DraftChoice[]) => void;
}

/** The answers that a field offers, in their order. */
export function Choices({ choices, error, wrong, onChange }: Props) {
  const { fieldsPage: say } = useProfileWords();
  return (
    <Stack gap="xs" role="group" aria-label={say.choices}>
      <Input.Label>{say.choices}</Input.Label>
      <Text c="dimmed" size="xs">
        {say.choicesHelp}
      </Text>
      {choices.map((choice, at) => (
        <Group key={choice.id ?? `new-${String(at)}`} gap="xs" wrap="nowrap" align="flex-start">
          <TextInput
            flex={1}
            aria-label={say.choice(at + 1)}
            dir="auto"
            maxLength={100}
            autoComplete="off"
            value={choice.label}
            error={wrong(`choices.${String(at)}.label`)}
            onChange={(event) => {
              const label = event.currentTarget.value;
              onChange(choices.map((one, place) => (place === at ? { ...one, label } : one)));
            }}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            mt={6}
            aria-label={say.removeChoice(choice.label || say.choice(at + 1))}
            onClick={() => {
              onChange(choices.filter((_, place) => place !== at));
            }}
          >
            <IconX size={16} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      {error && (
        <Text c="var(--mantine-color-error)" size="xs" role="alert">
          {error}
        </Text>
      )}
      <Button
        variant="subtle"
        size="compact-sm"
        w="fit-content"
        leftSection={<IconPlus size={14} aria-hidden />}
        onClick={() => {
          onChange([...choices, { id: null, label: "" }]);
        }}
      >
        {say.addChoice}
      </Button>
    </Stack>
  );
}
