import { ActionIcon, Menu, Select, Stack, Text } from "@mantine/core";
import { IconCopy } from "@tabler/icons-react";
import { useMemo } from "react";
import { useSpeech } from "../../words";
import { useQueueWords } from "../../words/queues";
import { weekdays } from "./clock";
import { replaced } from "./draft";
import { useEditing } from "./Editing";
import { Exceptions } from "./Exceptions";
import classes from "./queues.module.css";
import { Spans } from "./Spans";

/** When somebody is there: each weekday, in the queue's own time zone, and the days that differ. */
export function Hours() {
  const say = useQueueWords();
  const { locale } = useSpeech();
  const { draft, change, wrong } = useEditing();
  const days = weekdays(locale);
  const zones = useMemo(() => [...new Set([...Intl.supportedValuesOf("timeZone"), "UTC"])], []);
  const copy = (day: number, to: number) => {
    change({ hours: draft.hours.map((spans, other) => (other < to ? (draft.hours[day] ?? []) : spans)) });
  };
  return (
    <Stack gap="md">
      <Select
        label={say.timeZone}
        description={say.timeZoneHelp}
        inputWrapperOrder={["label", "input", "description", "error"]}
        searchable
        allowDeselect={false}
        limit={200}
        nothingFoundMessage={say.noZone}
        data={zones.includes(draft.time_zone) ? zones : [draft.time_zone, ...zones]}
        value={draft.time_zone}
        error={wrong("time_zone")}
        onChange={(time_zone) => {
          if (time_zone) change({ time_zone });
        }}
      />
      <div role="group" aria-label={say.hours}>
        <Text fw={600}>{say.hours}</Text>
        <Text size="xs" c="dimmed" mb="xs">
          {say.midnightHelp}
        </Text>
        {draft.hours.map((spans, day) => {
          const name = days[day] ?? "";
          return (
            <div key={name} className={classes.day} data-testid={`day-${String(day)}`}>
              <span className={classes.dayName}>{name}</span>
              <Spans
                day={name}
                place={`hours.${String(day)}`}
                spans={spans}
                onChange={(changed) => {
                  change({ hours: replaced(draft.hours, day, changed) });
                }}
              />
              <Menu position="bottom-end" withinPortal>
                <Menu.Target>
                  <ActionIcon variant="subtle" color="gray" aria-label={say.copyDay(name)}>
                    <IconCopy size={16} aria-hidden />
                  </ActionIcon>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item onClick={() => { copy(day, 5); }}>{say.copyToWeek}</Menu.Item>
                  <Menu.Item onClick={() => { copy(day, 7); }}>{say.copyToAll}</Menu.Item>
                </Menu.Dropdown>
              </Menu>
            </div>
          );
        })}
      </div>
      <Exceptions />
    </Stack>
  );
}
