import { Anchor, Text } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconChecks, IconClipboardText, IconClock, IconEye, IconQuestionMark, type TablerIcon } from "@tabler/icons-react";
import { Link } from "react-router";
import { Time } from "../../ui/Time";
import { useConversationWords } from "../../words/conversation";
import { useSession } from "../session";
import type { Message } from "./api";
import classes from "./conversation.module.css";

const ICONS: Record<string, TablerIcon> = { queued: IconClock, sending: IconClock, sent: IconCheck, delivered: IconChecks, read: IconEye, failed: IconAlertTriangle, unknown: IconQuestionMark };

/** One message: who said it, when, and what became of it. */
export function Bubble({ message, person }: { message: Message; person: string | null }) {
  const words = useConversationWords();
  const ours = message.direction === "out";
  const who = ours ? (message.by ?? words.scenario) : (person ?? words.person);
  return (
    <li className={classes.message} data-who={ours ? "us" : "them"} data-testid="message">
      <Text size="xs" c="dimmed" component="div" className={classes.who}>
        <bdi>{who}</bdi> · <Time at={message.at} />
        {message.edited_at && ` · ${words.edited}`}
      </Text>
      {message.kind === "form" ? (
        <FormMark requestId={message.request_id} />
      ) : (
        <div className={classes.bubble} dir="auto" data-agent={message.by !== null || undefined}>
          {message.text || <em>{words.noText}</em>}
        </div>
      )}
      {ours && message.status && <Status status={message.status} reason={message.error} />}
    </li>
  );
}

function FormMark({ requestId }: { requestId: string | null }) {
  const words = useConversationWords();
  const { user } = useSession();
  return (
    <div className={classes.form}>
      <IconClipboardText size={16} aria-hidden />
      {words.form}
      {requestId && user?.scopes.includes("requests:read") && (
        <Anchor component={Link} to={`/queues/log/${requestId}`} size="sm">
          {words.openForm}
        </Anchor>
      )}
    </div>
  );
}

/** What became of one of ours, by an icon and a word. */
export function Status({ status, reason }: { status: string; reason?: string | null }) {
  const words = useConversationWords();
  const Icon = ICONS[status] ?? IconQuestionMark;
  return (
    <Text size="xs" component="div" className={classes.status} data-status={status} data-testid="status">
      <Icon size={14} aria-hidden />
      {words.statuses[status] ?? status}
      {reason && `: ${words.reasons[reason] ?? reason}`}
    </Text>
  );
}
