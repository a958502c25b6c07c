import { Button, Group, Text, Textarea } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { useId } from "react";
import { numberText } from "../../ui/times";
import { useSpeech } from "../../words";
import { useConversationWords } from "../../words/conversation";
import type { Standing } from "./api";
import { lengthOf } from "./thread";
import { useDraft } from "./useDraft";

const NEAR = 0.8;

/** Where an agent writes. The draft stays with its chat until it is sent. */
export function Composer({ id, standing, onSend }: { id: string; standing: Standing; onSend: (text: string) => void }) {
  const words = useConversationWords();
  const { locale } = useSpeech();
  const [text, setText] = useDraft(id);
  const counter = useId();
  const left = standing.longest_text - lengthOf(text.trim(), standing.longest_unit);
  const mayWrite = standing.may_answer;
  const maySend = mayWrite && text.trim() !== "" && left >= 0;
  const send = () => {
    if (!maySend) return;
    onSend(text.trim());
    setText("");
  };
  return (
    <form
      data-testid="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Textarea
        label={words.write}
        placeholder={words.placeholder}
        dir="auto"
        autosize
        minRows={2}
        maxRows={8}
        disabled={!mayWrite}
        value={text}
        error={left < 0}
        aria-describedby={counter}
        onChange={(event) => {
          setText(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          // While a script's editor is open, Enter chooses a word there.
          if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          send();
        }}
      />
      <Group justify="space-between" mt="xs" wrap="nowrap">
        <Text size="xs" c={left < 0 ? "var(--kith-bad)" : "dimmed"} id={counter} role="status">
          {left < 0 ? words.over(numberText(-left, locale)) : left < standing.longest_text * (1 - NEAR) ? words.left(numberText(left, locale)) : words.hint}
        </Text>
        <Button type="submit" size="sm" disabled={!maySend} leftSection={<IconSend size={16} aria-hidden />}>
          {words.send}
        </Button>
      </Group>
    </form>
  );
}
