import { Anchor } from "@mantine/core";
import { IconMessages } from "@tabler/icons-react";
import { Link } from "react-router";
import { useConversationWords } from "../../words/conversation";
import { useSession } from "../session";

interface Props {
  chatContactId: string;
  /** Whose; for screen readers, where several such links stand on one page. */
  who?: string | null | undefined;
  tabIndex?: number;
}

/** The way to a chat's thread, from wherever its person is shown. Nothing where the role may not read it. */
export function ConversationLink({ chatContactId, who, tabIndex }: Props) {
  const words = useConversationWords();
  const { user } = useSession();
  if (!user?.scopes.includes("conversations:read")) return null;
  return (
    <Anchor
      component={Link}
      to={`/conversations/${chatContactId}`}
      size="sm"
      aria-label={who ? words.openOf(who) : undefined}
      style={{ display: "inline-flex", alignItems: "center", gap: 6, whiteSpace: "nowrap" }}
      {...(tabIndex !== undefined && { tabIndex })}
    >
      <IconMessages size={16} stroke={1.75} aria-hidden />
      {words.open}
    </Anchor>
  );
}
