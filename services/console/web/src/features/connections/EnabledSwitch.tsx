import { Switch } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { asProblem } from "../../api/problem";
import { explained } from "../../ui/Failure";
import { useWords } from "../../words";
import { useConnectionWords } from "../../words/connections";
import { changeConnection } from "./changeConnection";
import type { Connection } from "./getConnections";
import { useReadAgain } from "./useConnections";

interface Props {
  connection: Connection;
  /** Called with the reason when it turns back, and with null when it is tried anew. */
  onRefused: (why: string | null) => void;
  /** In a row the name stands beside it already. */
  bare?: boolean;
  tabIndex?: number;
}

/** Turns at once, and turns back with a reason if refused. */
export function EnabledSwitch({ connection, onRefused, bare = false, tabIndex }: Props) {
  const words = useWords();
  const { connections: say } = useConnectionWords();
  const readAgain = useReadAgain();
  const turning = useMutation({
    mutationFn: (enabled: boolean) => changeConnection(connection.id, { enabled }),
    onMutate: () => {
      onRefused(null);
    },
    onError: (error) => {
      onRefused(explained(asProblem(error), words).text);
    },
    onSettled: readAgain,
  });
  const shown = turning.isPending ? turning.variables : connection.enabled;
  return (
    <Switch
      {...(bare ? { "aria-label": say.turns(connection.name) } : { label: say.enabled, description: shown ? say.enabledHelp : say.disabledHelp })}
      tabIndex={tabIndex}
      checked={shown}
      aria-busy={turning.isPending}
      onChange={(event) => {
        if (!turning.isPending) turning.mutate(event.currentTarget.checked);
      }}
    />
  );
}
