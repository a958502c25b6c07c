import { Alert, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useWords } from "../words";

/** For more than so many the number is to be typed. */
const MANY = 100;

interface Props {
  question: string;
  /** What comes of a yes. */
  text: ReactNode;
  confirm: string;
  loading: boolean;
  /** How many people or things it is done to. */
  count?: number;
  onConfirm: () => void;
  onCancel: () => void;
}

/** Asks, where the thing itself stands, before what cannot be undone. The focus goes to the harmless answer. */
export function Ask({ question, text, confirm, loading, count = 0, onConfirm, onCancel }: Props) {
  const { app } = useWords();
  const [typed, setTyped] = useState("");
  const harmless = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    harmless.current?.focus();
  }, []);
  const lacks = count > MANY && typed.replace(/\D/g, "") !== String(count);
  return (
    <Alert role="alertdialog" aria-label={question} color="red" variant="light" title={question} styles={{ label: { color: "var(--mantine-color-text)" }, body: { overflow: "visible" }, message: { overflow: "visible" } }}>
      <Stack gap="sm">
        <Text size="sm" component="div">
          {text}
        </Text>
        {count > MANY && (
          <TextInput
            size="xs"
            maw={240}
            label={app.typeNumber(String(count))}
            inputMode="numeric"
            autoComplete="off"
            value={typed}
            onChange={(event) => {
              setTyped(event.currentTarget.value);
            }}
          />
        )}
        <Group gap="xs">
          <Button size="xs" color="red.9" loading={loading} disabled={lacks} onClick={onConfirm}>
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
