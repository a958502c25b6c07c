import { useMemo } from "react";
import type { Column } from "../../ui/columns";
import { Cut } from "../../ui/Cut";
import { Time } from "../../ui/Time";
import { useBlacklistWords } from "../../words/blacklist";
import type { Refusal } from "./getRefusals";
import { WhatMarks } from "./WhatMarks";
import { Who } from "./Who";

export function useColumns(): Column<Refusal>[] {
  const say = useBlacklistWords();
  return useMemo(() => {
    const { columns } = say;
    return [
      { id: "who", title: columns.who, width: 240, narrow: 170, always: true, pin: "start", render: (one: Refusal) => <Who refusal={one} /> },
      { id: "kind", title: columns.kind, width: 130, wide: true, render: ({ kind }: Refusal) => say.kinds[kind] ?? kind },
      { id: "what", title: columns.what, width: 220, render: (one: Refusal) => <WhatMarks refusal={one} /> },
      { id: "reason", title: columns.reason, width: 260, wide: true, render: ({ refusals }: Refusal) => <Cut>{refusals.map(({ reason }) => reason).join(", ")}</Cut> },
      { id: "at", title: columns.at, width: 140, render: ({ refusals, at }: Refusal) => <Time at={refusals[0]?.at ?? at} /> },
    ];
  }, [say]);
}
