import { IconClockPause, IconDoor, IconDoorOff } from "@tabler/icons-react";
import type { Queue } from "../../api/queues";
import { StateMark } from "../../ui/StateMark";
import { Time } from "../../ui/Time";
import { useQueueWords } from "../../words/queues";
import classes from "./queues.module.css";

/** Whether a queue is open, and until when that holds. */
export function NowMark({ queue: { now, override } }: { queue: Pick<Queue, "now" | "override"> }) {
  const say = useQueueWords();
  const byHand = override !== null && override.opened === now.is_open && (!override.until || Date.parse(override.until) > Date.now());
  return (
    <span className={classes.now}>
      <StateMark icon={now.is_open ? IconDoor : IconDoorOff} tone={now.is_open ? "good" : undefined}>
        {now.until ? (now.is_open ? say.openUntil : say.closedUntil) : now.is_open ? say.open : byHand ? say.closed : say.noHours}
      </StateMark>
      {now.until && <Time at={now.until} soon />}
      {byHand && <StateMark icon={IconClockPause}>{say.byHand}</StateMark>}
    </span>
  );
}
