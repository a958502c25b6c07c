import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";
import { useWords } from "../words";

interface Props {
  question: string;
  /** What comes of a yes. */
  text: ReactNode;
  confirm: string;
  loading: boolean;
  onConfirm: () => void;
  onCancel: () => void;
}

/** Asks, where the thing itself stands, before what cannot be undone. The focus goes to the harmless answer. */
export function Ask({ question, text, confirm, loading, onConfirm, onCancel }: Props) {
  const { app } = useWords();
  const harmless = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    harmless.current?.focus();
  }, []);
  return (
    <Alert role="alertdialog" aria-label={question} color="red" variant="light" title={question} styles={{ label: { color: "var(--mantine-color-text)" } }}>
      <Stack gap="sm">
        <Text size="sm">{text}</Text>
        <Group gap="xs">
          <Button size="xs" color="red" loading={loading} onClick={onConfirm}>
            {confirm}
          </Button>
          <Button ref={harmless} size="xs" variant="default" onClick={onCancel}>
            {app.cancel}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
