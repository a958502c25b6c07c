import { Button, Group, TextInput } from "@mantine/core";
import { useState } from "react";
import { useConnectionWords } from "../../words/connections";
import type { Tried, Try } from "./tryScenario";

export interface Said {
  /** As it stands in the dialog. */
  text: string;
  input: NonNullable<Try["input"]>;
}

/** What the last messages offer to press: answers to choose from, and the key that shares a contact. */
export function TryAnswers({ replies, disabled, onSay }: { replies: Tried["replies"]; disabled: boolean; onSay: (said: Said) => void }) {
  const { scenario: say } = useConnectionWords();
  const [phone, setPhone] = useState("+4722225555");
  const buttons = replies.flatMap((reply) => reply.buttons);
  const share = replies.map(({ ask_contact: label }) => label).findLast(Boolean);
  return (
    <>
      {buttons.length > 0 && (
        <Group gap="xs">
          {buttons.map(({ text, data }) => (
            <Button
              key={data}
              size="xs"
              variant="default"
              disabled={disabled}
              onClick={() => {
                onSay({ text, input: { text, pressed: data } });
              }}
            >
              {text}
            </Button>
          ))}
        </Group>
      )}
      {share && (
        <Group align="flex-end" gap="xs" wrap="nowrap">
          <TextInput
            flex={1}
            label={say.sharePhone}
            value={phone}
            dir="ltr"
            autoComplete="off"
            maxLength={32}
            onChange={(event) => {
              setPhone(event.currentTarget.value);
            }}
          />
          <Button
            variant="default"
            disabled={disabled || !phone.trim()}
            onClick={() => {
              onSay({ text: phone.trim(), input: { text: "", phone: phone.trim() } });
            }}
          >
            {share}
          </Button>
        </Group>
      )}
    </>
  );
}
