import { useMemo } from "react";
import { Link, useSearchParams } from "react-router";
import { Channel } from "../../ui/channels";
import type { Column } from "../../ui/columns";
import { Cut } from "../../ui/Cut";
import { LanguageName } from "../../ui/languages";
import { useActiveRow } from "../../ui/Row";
import { Time } from "../../ui/Time";
import { useWords } from "../../words";
import { ConversationLink } from "../conversation";
import type { Visitor } from "./getVisitors";
import classes from "./visitors.module.css";

export function useColumns(): Column<Visitor>[] {
  const { visitors } = useWords();
  return useMemo(() => {
    const { columns } = visitors;
    return [
      { id: "chat-id", title: columns.chatId, width: 148, narrow: 132, always: true, pin: "start", render: ({ contact_id }) => <Cut className={classes.id}>{contact_id}</Cut> },
      { id: "channel", title: columns.channel, width: 124, render: ({ channel }) => <Channel channel={channel} /> },
      { id: "bot-id", title: columns.botId, width: 110, wide: true, render: ({ bot_id }) => bot_id && <Cut>{bot_id}</Cut> },
      { id: "name", title: columns.name, width: 126, render: ({ name }) => name && <Cut>{name}</Cut> },
      { id: "first", title: columns.first, width: 158, wide: true, render: ({ first_message }) => <Said message={first_message} /> },
      { id: "last", title: columns.last, width: 146, render: ({ last_message }) => <Said message={last_message} /> },
      { id: "language", title: columns.language, width: 96, wide: true, render: ({ language }) => language && <LanguageName code={language} /> },
      { id: "actions", title: columns.actions, width: 286, always: true, pin: "end", render: (visitor) => <Actions visitor={visitor} /> },
    ];
  }, [visitors]);
}

function Said({ message }: { message: Visitor["last_message"] }) {
  const { visitors } = useWords();
  if (!message) return null;
  return (
    <span className={classes.said}>
      {message.text ? <Cut>{message.text}</Cut> : <span className={classes.quiet}>{visitors.noText}</span>}
      <span className={classes.quiet}>
        <Time at={message.at} />
      </span>
    </span>
  );
}

function Actions({ visitor }: { visitor: Visitor }) {
  const { visitors } = useWords();
  const [params] = useSearchParams();
    const to = (what: string) => ({ pathname: `/clients/without-contacts/${visitor.id}/${what}`, search: params.toString() });
  const stop = useActiveRow() ? 0 : -1;
  return (
    <span className={classes.actions}>
      <Link className={classes.action} to={to("json")} tabIndex={stop}>
        {visitors.json}
      </Link>
      <Link className={classes.action} to={to("steps")} tabIndex={stop}>
        {visitors.steps}
      </Link>
      <ConversationLink chatContactId={visitor.id} who={visitor.contact_id} tabIndex={stop} />
    </span>
  );
}
