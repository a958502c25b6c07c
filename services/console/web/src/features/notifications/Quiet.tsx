import { Checkbox, Group, Select, Switch, Text, TextInput, Title } from "@mantine/core";
import { useMemo } from "react";
import { useSpeech } from "../../words";
import { useRequestWords } from "../../words/requests";
import classes from "./notifications.module.css";
import type { Props } from "./Ways";

/** When the user is not to be disturbed. */
export function Quiet({ settings, onChange }: Props) {
  const { notifications: say } = useRequestWords();
  const { locale } = useSpeech();
  const { quiet_hours: quiet } = settings;
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zones = useMemo(() => [...new Set([own, "UTC", quiet.time_zone, ...Intl.supportedValuesOf("timeZone")])], [own, quiet.time_zone]);
  const set = (part: Partial<typeof quiet>) => {
    onChange({ quiet_hours: { ...quiet, ...part } });
  };
  const day = new Intl.DateTimeFormat(locale, { weekday: "short", timeZone: "UTC" });
  return (
    <section className={classes.section} aria-label={say.quiet}>
      <Title order={2}>{say.quiet}</Title>
      <Switch
        label={say.quietOn}
        description={say.quietHelp}
        checked={quiet.on}
        onChange={(event) => {
          // Whoever switches them on for the first time means their own clock.
          set({ on: event.currentTarget.checked, ...(quiet.time_zone === "UTC" && { time_zone: own }) });
        }}
      />
      {quiet.on && (
        <>
          <Group gap="md" align="flex-end">
            {(["from", "to"] as const).map((end) => (
              <TextInput
                key={end}
                type="time"
                label={say[end]}
                value={quiet[end]}
                onChange={(event) => {
                  if (event.currentTarget.value) set({ [end]: event.currentTarget.value });
                }}
              />
            ))}
            <Select
              searchable
              allowDeselect={false}
              limit={200}
              label={say.zone}
              data={zones}
              value={quiet.time_zone}
              onChange={(zone) => {
                if (zone) set({ time_zone: zone });
              }}
            />
          </Group>
          <Checkbox.Group
            label={say.days}
            description={say.daysHelp}
            value={quiet.days.map(String)}
            onChange={(days) => {
              set({ days: days.map(Number).sort((a, b) => a - b) });
            }}
          >
            <Group gap="md" mt="xs">
              {Array.from({ length: 7 }, (_, at) => (
                <Checkbox key={at} value={String(at)} label={day.format(new Date(Date.UTC(2024, 0, 1 + at)))} />
              ))}
            </Group>
          </Checkbox.Group>
          <Text size="xs" c="dimmed">
            {quiet.time_zone}
          </Text>
        </>
      )}
    </section>
  );
}
