import { Anchor } from "@mantine/core";
import { IconClockPause, IconHelpCircle, IconMailX } from "@tabler/icons-react";
import { useMemo } from "react";
import { Link } from "react-router";
import type { Column } from "../../ui/columns";
import { Cut } from "../../ui/Cut";
import { useActiveRow } from "../../ui/Row";
import { StateMark } from "../../ui/StateMark";
import { Time } from "../../ui/Time";
import { numberText } from "../../ui/times";
import { useSpeech } from "../../words";
import { useEmailWords } from "../../words/emails";
import classes from "./emails.module.css";
import type { Trouble } from "./getTroubles";

const ICONS = { queued: IconClockPause, failed: IconMailX, unknown: IconHelpCircle } as const;

/** False for one that somebody only tried. */
export function isOfMessage(requestId: string): boolean {
  return requestId.startsWith("rq_");
}

export function useColumns(): Column<Trouble>[] {
  const say = useEmailWords();
  const { locale } = useSpeech();
  return useMemo(() => {
    const { columns } = say;
    return [
      { id: "to", title: columns.to, width: 210, narrow: 160, always: true, pin: "start", render: (one) => <Who trouble={one} /> },
      {
        id: "status",
        title: columns.status,
        width: 170,
        render: ({ status }) => (
          <span data-tip={say.means[status]}>
            <StateMark icon={ICONS[status]} tone={status === "failed" ? "bad" : undefined}>
              {say.statuses[status]}
            </StateMark>
          </span>
        ),
      },
      { id: "reason", title: columns.reason, help: say.reasonHelp, width: 300, render: ({ reason }) => reason && <Cut className={classes.reason ?? ""}>{reason}</Cut> },
      { id: "at", title: columns.at, width: 128, render: ({ at }) => <Time at={at} /> },
      { id: "tries", title: columns.tries, width: 90, wide: true, render: ({ tries }) => numberText(tries, locale) },
      { id: "message", title: columns.message, width: 130, wide: true, render: (one) => <Message trouble={one} /> },
    ];
  }, [say, locale]);
}

function Who({ trouble: { user_name: name, email } }: { trouble: Trouble }) {
  const say = useEmailWords();
  return (
    <span className={classes.who}>
      <Cut>{name ?? say.gone}</Cut>
      {email && <Cut className={classes.quiet ?? ""}>{email}</Cut>}
    </span>
  );
}

function Message({ trouble: { request_id: id } }: { trouble: Trouble }) {
  const say = useEmailWords();
  const active = useActiveRow();
  if (!isOfMessage(id)) return <span className={classes.quiet}>{say.tried}</span>;
  return (
    <Anchor component={Link} to={`/queues/log/${id}`} tabIndex={active ? 0 : -1}>
      {say.open}
    </Anchor>
  );
}
