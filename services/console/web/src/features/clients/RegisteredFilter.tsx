import { SegmentedControl } from "@mantine/core";
import { numberText } from "../../ui/times";
import { useSpeech } from "../../words";
import classes from "./clients.module.css";
import type { Registered } from "./filters";
import { useCounts } from "./useClients";

/** All / Has registered contact / No registered contact, each with its exact count. */
export function RegisteredFilter({ value, onChange }: { value: Registered; onChange: (value: Registered) => void }) {
  const { words, locale } = useSpeech();
  const { clients } = words;
  const { data: counts } = useCounts();
  const choices = [
    { value: "all", name: clients.all, count: counts?.all },
    { value: "yes", name: clients.registered, count: counts?.registered },
    { value: "no", name: clients.notRegistered, count: counts?.not_registered },
  ];
  return (
    <div className={classes.filter}>
      <SegmentedControl
        aria-label={clients.filter}
        size="sm"
        value={value}
        onChange={(chosen) => {
          onChange(chosen as Registered);
        }}
        data={choices.map(({ value: choice, name, count }) => ({
          value: choice,
          label: (
            <span data-testid={`filter-${choice}`}>
              {name}
              {/* There before its number is, so that little moves when it comes. */}
              <span className={classes.count}>{count !== undefined && numberText(count, locale)}</span>
            </span>
          ),
        }))}
      />
    </div>
  );
}
