import { useMemo } from "react";
import type { Queue } from "../../api/queues";
import type { Column } from "../../ui/columns";
import { Cut } from "../../ui/Cut";
import { useQueueWords } from "../../words/queues";
import { NowMark } from "./NowMark";
import classes from "./queues.module.css";
import { useConnections } from "./useQueue";

export function useColumns(): Column<Queue>[] {
  const say = useQueueWords();
  const { data: connections } = useConnections();
  return useMemo(() => {
    const { columns } = say;
    const nameOf = (id: string) => connections?.find((connection) => connection.id === id)?.name ?? id;
    return [
      { id: "name", title: columns.name, width: 200, narrow: 150, always: true, pin: "start", render: ({ name }) => <Cut className={classes.name ?? ""}>{name}</Cut> },
      { id: "now", title: columns.now, width: 260, render: (queue) => <NowMark queue={queue} /> },
      { id: "closed", title: columns.closed, width: 160, render: ({ when_closed: when }) => say.whenClosed[when] ?? when },
      { id: "members", title: columns.members, width: 110, wide: true, render: ({ members }) => say.members(members.length) },
      { id: "connections", title: columns.connections, width: 240, wide: true, render: ({ connection_ids: ids }) => <Cut>{ids.map(nameOf).join(", ")}</Cut> },
    ];
  }, [say, connections]);
}
