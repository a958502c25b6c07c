import { Button, Group, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { asProblem } from "../../api/problem";
import type { Queue } from "../../api/queues";
import { explained } from "../../ui/Failure";
import { Refused } from "../../ui/Refused";
import { useWords } from "../../words";
import { useQueueWords } from "../../words/queues";
import { endOverride, setOverride } from "./api";
import { NowMark } from "./NowMark";
import classes from "./queues.module.css";
import { useReadAgain } from "./useQueue";

type Wanted = "hours" | "open" | "closed";

/** Opens or closes a queue by hand, at once: before all hours, until a moment or until it is set back. */
export function OverrideSwitch({ queue }: { queue: Queue }) {
  const words = useWords();
  const say = useQueueWords();
  const readAgain = useReadAgain();
  const holds: Wanted = queue.override === null ? "hours" : queue.override.opened ? "open" : "closed";
  const [until, setUntil] = useState(() => asLocal(queue.override?.until ?? null));
  const [fault, setFault] = useState<string | null>(null);
  const turning = useMutation({
    mutationFn: (wanted: Wanted) => (wanted === "hours" ? endOverride(queue.id) : setOverride(queue.id, wanted === "open", asMoment(until))),
    onSettled: readAgain,
  });
  const turn = (wanted: Wanted) => {
    const moment = asMoment(until);
    const isOver = wanted !== "hours" && moment !== null && Date.parse(moment) <= Date.now();
    setFault(isOver ? say.untilPast : null);
    if (!isOver && !turning.isPending) turning.mutate(wanted);
  };
  const shown = turning.isPending ? turning.variables : holds;
  const isNewMoment = shown !== "hours" && asLocal(queue.override?.until ?? null) !== until;
  return (
    <section className={classes.section} aria-label={say.override} data-testid="override">
      <Stack gap="xs">
        <Group justify="space-between">
          <NowMark queue={queue} />
        </Group>
        <div className={classes.override}>
          <SegmentedControl
            mt={21}
            aria-label={say.override}
            value={shown}
            data={[
              { value: "hours", label: say.byHours },
              { value: "open", label: say.openNow },
              { value: "closed", label: say.closeNow },
            ]}
            onChange={(value) => {
              turn(value as Wanted);
            }}
          />
          <TextInput
            type="datetime-local"
            label={say.until}
            description={say.untilHelp}
            inputWrapperOrder={["label", "input", "description", "error"]}
            value={until}
            error={fault}
            onChange={(event) => {
              setUntil(event.currentTarget.value);
              setFault(null);
            }}
          />
          {isNewMoment && (
            <Button
              variant="default"
              mt={21}
              loading={turning.isPending}
              onClick={() => {
                turn(shown);
              }}
            >
              {say.apply}
            </Button>
          )}
        </div>
        <Text size="xs" c="dimmed">
          {say.overrideHelp}
        </Text>
        {turning.error && <Refused title={say.overrideRefused}>{explained(asProblem(turning.error), words).text}</Refused>}
      </Stack>
    </section>
  );
}

/** What a datetime-local field shows of a moment, in the user's own zone. */
function asLocal(at: string | null): string {
  if (at === null) return "";
  const moment = new Date(at);
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function asMoment(local: string): string | null {
  const moment = new Date(local);
  return local === "" || Number.isNaN(moment.getTime()) ? null : moment.toISOString();
}
