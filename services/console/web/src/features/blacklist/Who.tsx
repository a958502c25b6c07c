import { Text } from "@mantine/core";
import { Cut } from "../../ui/Cut";
import { useBlacklistWords } from "../../words/blacklist";
import type { Refusal } from "./getRefusals";

/** Whom a refusal is about: the value, the chat, or that they were deleted. */
export function Who({ refusal }: { refusal: Refusal }) {
  const say = useBlacklistWords();
  const { chat_contact: chat, kind, value } = refusal;
  if (value !== null) return <Cut>{value}</Cut>;
  if (chat) return <Cut>{chat.name ? `${chat.name} · ${chat.contact_id}` : chat.contact_id}</Cut>;
  return (
    <Text span c="dimmed" fs="italic">
      {kind === "chat_contact" ? refusal.id : say.hidden}
    </Text>
  );
}
