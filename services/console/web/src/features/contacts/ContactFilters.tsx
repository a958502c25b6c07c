import { Select } from "@mantine/core";
import { useWords } from "../../words";
import classes from "./contacts.module.css";
import type { Filters } from "./filters";

interface Props {
  filters: Filters;
  /** Channels on which the workspace has connections. */
  channels: readonly NonNullable<Filters["channel"]>[];
  onChange: (changes: Partial<Filters>) => void;
}

export function ContactFilters({ filters, channels, onChange }: Props) {
  const words = useWords();
  const { contacts } = words;
  const offered = [...new Set(filters.channel ? [...channels, filters.channel] : channels)];
  return (
    <div className={classes.filters}>
      <Select
        className={classes.filter}
        aria-label={contacts.columns.channel}
        placeholder={contacts.anyChannel}
        clearable
        clearButtonProps={{ "aria-label": contacts.anyChannel }}
        data={offered.map((channel) => ({ value: channel, label: words.channels[channel] ?? channel }))}
        value={filters.channel}
        onChange={(channel) => {
          onChange({ channel });
        }}
      />
      {(["proactive", "reactive"] as const).map((field) => (
        <Select
          key={field}
          className={classes.filter}
          aria-label={contacts.columns[field]}
          placeholder={contacts[field].any}
          clearable
          clearButtonProps={{ "aria-label": contacts[field].any }}
          data={[
            { value: "true", label: contacts[field].onlyOn },
            { value: "false", label: contacts[field].onlyOff },
          ]}
          value={filters[field] === null ? null : String(filters[field])}
          onChange={(value) => {
            onChange({ [field]: value === null ? null : value === "true" });
          }}
        />
      ))}
    </div>
  );
}
