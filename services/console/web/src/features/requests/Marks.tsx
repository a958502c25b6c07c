import { IconCircleCheck, IconCircleDashed, IconClockPause, IconEyeOff, IconMail, IconProgress, IconTag, type Icon } from "@tabler/icons-react";
import type { ContactRequest } from "../../api/requests";
import { StateMark } from "../../ui/StateMark";
import { useSpeech } from "../../words";
import { useRequestWords } from "../../words/requests";
import type { Status } from "./api";
import classes from "./requests.module.css";
import { useStatuses } from "./useRequests";

const ICONS: Record<string, Icon> = { new: IconMail, in_progress: IconProgress, waiting: IconClockPause, done: IconCircleCheck };

/** What a status is called in the reader's language. */
export function statusName(status: Pick<Status, "id" | "label"> | undefined, id: string, language: string): string {
  return status?.label[language] ?? Object.values(status?.label ?? {})[0] ?? id;
}

export function StatusMark({ status: id }: { status: string }) {
  const { language } = useSpeech();
  const { data } = useStatuses();
  const status = data?.items.find((one) => one.id === id);
  return (
    <StateMark icon={ICONS[id] ?? (status?.counts_as === "done" ? IconCircleCheck : IconTag)} tone={status?.counts_as === "done" ? "good" : undefined}>
      {statusName(status, id, language)}
    </StateMark>
  );
}

/** The number, with a mark while nobody has looked, and a quieter one while the reader has not. */
export function NumberMark({ request: { n, seen, viewed_by_me: viewed } }: { request: ContactRequest }) {
  const { requests: say } = useRequestWords();
  return (
    <span className={classes.number} data-unread={!viewed || undefined}>
      {say.number(n)}
      {!seen ? (
        <span className={classes.unseen} data-tip={say.unseen} data-testid="unseen">
          <IconEyeOff size={14} aria-hidden />
          {say.unseenShort}
        </span>
      ) : (
        !viewed && <IconCircleDashed size={14} role="img" aria-label={say.unopened} data-tip={say.unopened} />
      )}
    </span>
  );
}
