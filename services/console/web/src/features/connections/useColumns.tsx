import { useMemo } from "react";
import { Channel } from "../../ui/channels";
import type { Column } from "../../ui/columns";
import { Cut } from "../../ui/Cut";
import { useActiveRow } from "../../ui/Row";
import { useConnectionWords } from "../../words/connections";
import { calledAt } from "./calledAt";
import classes from "./connections.module.css";
import { EnabledSwitch } from "./EnabledSwitch";
import type { Connection } from "./getConnections";
import { ArrivesMark, ScenarioMark } from "./Marks";

/** `onRefused` gets the name of the connection whose switch turned back, and why. */
export function useColumns(onRefused: (name: string, why: string | null) => void): Column<Connection>[] {
  const { connections: say } = useConnectionWords();
  return useMemo(() => {
    const { columns } = say;
    const account = (connection: Connection) => (
      <span className={classes.account}>
        {connection.username && <Cut>{calledAt(connection)}</Cut>}
        <Cut className={classes.mono ?? ""}>{connection.bot_id}</Cut>
      </span>
    );
    return [
      { id: "name", title: columns.name, width: 170, narrow: 140, always: true, pin: "start", render: ({ name }) => <Cut className={classes.name ?? ""}>{name}</Cut> },
      { id: "channel", title: columns.channel, width: 150, render: ({ channel }) => <Channel channel={channel} badge /> },
      { id: "account", title: columns.account, help: say.accountHelp, width: 170, wide: true, render: account },
      { id: "enabled", title: columns.enabled, width: 100, render: (connection) => <RowSwitch connection={connection} onRefused={onRefused} /> },
      { id: "arrives", title: columns.arrives, help: say.arrivesHelp, width: 170, render: (connection) => <ArrivesMark {...connection} /> },
      { id: "becomes", title: columns.becomes, help: say.becomesHelp, width: 190, wide: true, render: ({ becomes_client: when }) => <Cut>{say.becomes[when]}</Cut> },
      { id: "scenario", title: columns.scenario, width: 110, wide: true, render: (connection) => <ScenarioMark {...connection} /> },
    ];
  }, [say, onRefused]);
}

function RowSwitch({ connection, onRefused }: { connection: Connection; onRefused: (name: string, why: string | null) => void }) {
  const active = useActiveRow();
  return (
    // A click beside the track is a click on the switch that missed, not one on the row.
    <span className={classes.switch}>
      <EnabledSwitch
        bare
        connection={connection}
        tabIndex={active ? 0 : -1}
        onRefused={(why) => {
          onRefused(connection.name, why);
        }}
      />
    </span>
  );
}
