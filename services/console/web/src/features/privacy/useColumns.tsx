import { IconCheck, IconLoader } from "@tabler/icons-react";
import { useMemo } from "react";
import type { Column } from "../../ui/columns";
import { Cut } from "../../ui/Cut";
import { StateMark } from "../../ui/StateMark";
import { Time } from "../../ui/Time";
import { usePrivacyWords } from "../../words/privacy";
import type { Erasure } from "./api";

export function useColumns(): Column<Erasure>[] {
  const say = usePrivacyWords();
  return useMemo(
    () => [
      { id: "client", title: say.formerId, width: 260, narrow: 180, always: true, pin: "start", render: ({ client_id: id }) => <Cut>{id}</Cut> },
      { id: "at", title: say.erasedAt, width: 160, render: ({ at }) => <Time at={at} /> },
      {
        id: "state",
        title: say.state,
        width: 140,
        render: ({ complete }) => (
          <StateMark icon={complete ? IconCheck : IconLoader} tone={complete ? "good" : undefined}>
            {complete ? say.isDone : say.waits}
          </StateMark>
        ),
      },
      { id: "logs", title: say.logsEmpty, width: 180, render: ({ logs_empty_after: at }) => <Time at={at} /> },
    ],
    [say],
  );
}
