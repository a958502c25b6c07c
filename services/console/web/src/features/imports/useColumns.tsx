import { useMemo } from "react";
import type { Column } from "../../ui/columns";
import { Cut } from "../../ui/Cut";
import { Time } from "../../ui/Time";
import { numberText } from "../../ui/times";
import { useSpeech } from "../../words";
import { useImportWords } from "../../words/imports";
import type { Import } from "./api";
import { StatusMark } from "./StatusMark";

export function useColumns(): Column<Import>[] {
  const { columns } = useImportWords();
  const { locale } = useSpeech();
  return useMemo(() => {
    const number = (count: number) => numberText(count, locale);
    return [
      { id: "name", title: columns.name, width: 240, narrow: 160, always: true, pin: "start", render: ({ name }) => <Cut>{name}</Cut> },
      { id: "status", title: columns.status, width: 190, render: ({ status }) => <StatusMark status={status} /> },
      { id: "at", title: columns.at, width: 160, render: ({ at }) => <Time at={at} /> },
      { id: "rows", title: columns.rows, width: 100, render: ({ rows }) => number(rows) },
      { id: "made", title: columns.made, width: 110, wide: true, render: ({ counts }) => number(counts.made) },
      { id: "changed", title: columns.changed, width: 110, wide: true, render: ({ counts }) => number(counts.changed) },
      { id: "faults", title: columns.faults, width: 110, wide: true, render: ({ counts }) => number(counts.faults) },
    ];
  }, [columns, locale]);
}
