import { ActionIcon, Button, Text, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import type { ExceptionalDay } from "../../api/queues";
import { useSpeech } from "../../words";
import { useQueueWords } from "../../words/queues";
import { removed, replaced } from "./draft";
import { useEditing } from "./Editing";
import classes from "./queues.module.css";
import { Spans } from "./Spans";
import { TextsInput } from "./TextsInput";

/** Holidays, and days with hours of their own. */
export function Exceptions() {
  const say = useQueueWords();
  const { locale } = useSpeech();
  const { draft, change, wrong } = useEditing();
  const set = (at: number, day: ExceptionalDay) => {
    change({ exceptions: replaced(draft.exceptions, at, day) });
  };
  return (
    <div role="group" aria-label={say.exceptions}>
      <Text fw={600}>{say.exceptions}</Text>
      <Text size="xs" c="dimmed" mb="xs">
        {say.exceptionsHelp}
      </Text>
      {draft.exceptions.map((exception, at) => {
        const name = dayText(exception.day, locale);
        return (
          <div key={String(at)} className={classes.exception} data-testid="exception">
            <div className={classes.exceptionHead}>
              <TextInput
                type="date"
                label={say.day}
                value={exception.day}
                error={wrong(`exceptions.${String(at)}.day`)}
                onChange={(event) => {
                  set(at, { ...exception, day: event.currentTarget.value });
                }}
              />
              <Spans
                day={name}
                place={`exceptions.${String(at)}.spans`}
                spans={exception.spans}
                onChange={(spans) => {
                  set(at, { ...exception, spans });
                }}
              />
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={say.removeOne(name)}
                onClick={() => {
                  change({ exceptions: removed(draft.exceptions, at) });
                }}
              >
                <IconTrash size={16} aria-hidden />
              </ActionIcon>
            </div>
            <TextsInput
              label={say.dayLabel}
              place={`exceptions.${String(at)}.label`}
              texts={exception.label}
              onChange={(label) => {
                set(at, { ...exception, label });
              }}
            />
          </div>
        );
      })}
      <Button
        variant="default"
        size="xs"
        leftSection={<IconPlus size={16} aria-hidden />}
        onClick={() => {
          change({ exceptions: [...draft.exceptions, { day: new Date().toLocaleDateString("sv"), spans: [], label: {} }] });
        }}
      >
        {say.addException}
      </Button>
    </div>
  );
}

function dayText(day: string, locale: string): string {
  const time = Date.parse(`${day}T12:00:00Z`);
  return Number.isNaN(time) ? day : new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" }).format(time);
}
