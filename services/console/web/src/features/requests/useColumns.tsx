import { useMemo } from "react";
import type { ContactRequest } from "../../api/requests";
import { Channel } from "../../ui/channels";
import type { Column } from "../../ui/columns";
import { Cut } from "../../ui/Cut";
import { Time } from "../../ui/Time";
import { useRequestWords } from "../../words/requests";
import { NumberMark, StatusMark } from "./Marks";
import classes from "./requests.module.css";

export function useColumns(): Column<ContactRequest>[] {
  const { requests: say } = useRequestWords();
  return useMemo(() => {
    const { columns } = say;
    return [
      { id: "n", title: columns.n, width: 142, narrow: 124, always: true, pin: "start", render: (request) => <NumberMark request={request} /> },
      { id: "at", title: columns.at, width: 128, render: ({ at }) => <Time at={at} /> },
      { id: "queue", title: columns.queue, width: 150, render: ({ queue_name: name, queue_id: id }) => <Cut>{name ?? id}</Cut> },
      { id: "status", title: columns.status, width: 132, render: ({ status }) => <StatusMark status={status} /> },
      { id: "handler", title: columns.handler, width: 140, render: ({ handler }) => handler && <Cut>{handler.name ?? say.somebody}</Cut> },
      { id: "comment", title: columns.comment, width: 220, wide: true, render: ({ last_comment: last }) => last && <LastComment {...last} /> },
      { id: "channel", title: columns.channel, width: 130, wide: true, render: ({ channel }) => <Channel channel={channel} /> },
      { id: "via", title: columns.via, width: 130, wide: true, render: ({ via }) => say.via[via] ?? via },
    ];
  }, [say]);
}

function LastComment({ text, by, at }: NonNullable<ContactRequest["last_comment"]>) {
  const { requests: say } = useRequestWords();
  return (
    <span className={classes.comment}>
      <Cut>{text}</Cut>
      <span className={classes.quiet}>
        <bdi>{by.name ?? say.somebody}</bdi> · <Time at={at} />
      </span>
    </span>
  );
}
