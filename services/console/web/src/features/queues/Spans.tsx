import { ActionIcon, Button, Text, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import type { Span } from "../../api/queues";
import { useQueueWords } from "../../words/queues";
import { asClock } from "./clock";
import { removed, replaced } from "./draft";
import { useEditing } from "./Editing";
import classes from "./queues.module.css";

interface Props {
  /** The day, by name. */
  day: string;
  /** Where the service names its faults: `hours.0`. */
  place: string;
  spans: readonly Span[];
  onChange: (spans: Span[]) => void;
}

/** When one day is open: any number of times from and to. */
export function Spans({ day, place, spans, onChange }: Props) {
  const say = useQueueWords();
  const { wrong } = useEditing();
  const input = (span: Span, at: number, end: "opens" | "closes") => (
    <TextInput
      aria-label={say[end](day)}
      value={span[end]}
      w={76}
      size="sm"
      maxLength={8}
      dir="ltr"
      autoComplete="off"
      error={wrong(`${place}.${String(at)}.${end}`) !== undefined}
      onChange={(event) => {
        onChange(replaced(spans, at, { ...span, [end]: event.currentTarget.value }));
      }}
      onBlur={(event) => {
        const clock = asClock(event.currentTarget.value);
        if (clock !== span[end]) onChange(replaced(spans, at, { ...span, [end]: clock }));
      }}
    />
  );
  return (
    <div className={classes.spans}>
      {spans.length === 0 && (
        <Text c="dimmed" size="sm">
          {say.closedThatDay}
        </Text>
      )}
      {spans.map((span, at) => {
        const fault = wrong(`${place}.${String(at)}.opens`) ?? wrong(`${place}.${String(at)}.closes`);
        return (
          <div key={at} className={classes.span}>
            {input(span, at, "opens")}
            <span aria-hidden>–</span>
            {input(span, at, "closes")}
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={say.removeSpan(day, `${span.opens}–${span.closes}`)}
              onClick={() => {
                onChange(removed(spans, at));
              }}
            >
              <IconX size={16} aria-hidden />
            </ActionIcon>
            {fault && (
              <Text size="xs" c="red" role="alert">
                {fault}
              </Text>
            )}
          </div>
        );
      })}
      <Button
        variant="subtle"
        size="compact-sm"
        px={6}
        aria-label={say.addSpan(day)}
        onClick={() => {
          onChange([...spans, next(spans)]);
        }}
      >
        <IconPlus size={16} aria-hidden />
      </Button>
    </div>
  );
}

/** A time after the last one; office hours where there is none. */
function next(spans: readonly Span[]): Span {
  const last = spans.at(-1);
  if (!last || last.closes >= "22:00") return { opens: "09:00", closes: "17:00" };
  const begins = Number(last.closes.slice(0, 2)) + 1;
  return { opens: `${String(begins).padStart(2, "0")}:00`, closes: `${String(Math.min(begins + 3, 24)).padStart(2, "0")}:00` };
}
