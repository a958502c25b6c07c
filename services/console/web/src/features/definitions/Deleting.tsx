import { Button, Group, Stack, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { asProblem } from "../../api/problem";
import { explained } from "../../ui/Failure";
import { Refused } from "../../ui/Refused";
import { useWords } from "../../words";
import { useProfileWords } from "../../words/profile";
import { useSaving } from "./useSaving";

interface Props {
  name: string;
  title: string;
  text: string;
  onDelete: () => Promise<void>;
  onDone: () => void;
}

/** Deletes a definition, and with it what everybody has of it: its name has to be typed. */
export function Deleting({ name, title, text, onDelete, onDone }: Props) {
  const words = useWords();
  const { fieldsPage: say } = useProfileWords();
  const [asking, setAsking] = useState(false);
  const [typed, setTyped] = useState("");
  const deleting = useSaving(onDelete, onDone);
  if (!asking)
    return (
      <Button
        variant="default"
        w="fit-content"
        leftSection={<IconTrash size={16} aria-hidden />}
        onClick={() => {
          setAsking(true);
        }}
      >
        {say.delete}
      </Button>
    );
  return (
    <Stack role="alertdialog" aria-label={title} gap="sm" p="md" bd="1px solid var(--kith-line)" bdrs="md">
      <strong>{title}</strong>
      {text}
      <TextInput
        label={say.deleteType(name)}
        value={typed}
        data-autofocus
        autoFocus
        autoComplete="off"
        dir="auto"
        onChange={(event) => {
          setTyped(event.currentTarget.value);
        }}
      />
      {deleting.problem && <Refused>{explained(asProblem(deleting.problem), words).text}</Refused>}
      <Group gap="xs">
        <Button
          color="red"
          disabled={typed.trim() !== name.trim()}
          loading={deleting.pending}
          onClick={() => {
            deleting.save(undefined);
          }}
        >
          {say.delete}
        </Button>
        <Button
          variant="default"
          onClick={() => {
            setAsking(false);
          }}
        >
          {words.app.cancel}
        </Button>
      </Group>
    </Stack>
  );
}
