import { useMemo } from "react";
import type { Column } from "../../ui/columns";
import { Cut } from "../../ui/Cut";
import { Time } from "../../ui/Time";
import { dayText } from "../../ui/times";
import { useSpeech } from "../../words";
import type { ApiKey } from "./getApiKeys";
import { KeyMark } from "./KeyMark";
import classes from "./keys.module.css";

export function useColumns(): Column<ApiKey>[] {
  const { words, locale } = useSpeech();
  const { apiKeys } = words;
  return useMemo(() => {
    const { columns } = apiKeys;
    const name = (key: ApiKey) => <Cut className={classes.name ?? ""}>{key.name}</Cut>;
    const scopes = (key: ApiKey) => <Cut>{key.scopes.map((scope) => apiKeys.scopes[scope]?.name ?? scope).join(", ")}</Cut>;
    return [
      { id: "name", title: columns.name, width: 190, narrow: 150, always: true, pin: "start", render: name },
      { id: "prefix", title: columns.prefix, help: apiKeys.prefixHelp, width: 190, wide: true, render: ({ prefix }) => <Cut className={classes.mono ?? ""}>{prefix}</Cut> },
      { id: "scopes", title: columns.scopes, width: 260, wide: true, render: scopes },
      { id: "state", title: columns.state, width: 130, render: ({ active }) => <KeyMark active={active} /> },
      { id: "created", title: columns.created, width: 140, render: ({ created_at: at }) => <Time at={at} /> },
      { id: "used", title: columns.used, help: apiKeys.usedHelp, width: 140, render: ({ last_used_on: day }) => (day ? dayText(day, locale) : apiKeys.neverUsed) },
    ];
  }, [apiKeys, locale]);
}
