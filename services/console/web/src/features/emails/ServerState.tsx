import { IconAlertTriangle, IconCircleCheck, IconMailOff } from "@tabler/icons-react";
import { StateMark } from "../../ui/StateMark";
import { Time } from "../../ui/Time";
import { numberText } from "../../ui/times";
import { useSpeech } from "../../words";
import { useEmailWords } from "../../words/emails";
import classes from "./emails.module.css";
import type { MailServer } from "./getTroubles";

/** Whether emails can go out at all, why not, and what waits. */
export function ServerState({ server }: { server: MailServer }) {
  const say = useEmailWords();
  const { locale } = useSpeech();
  const { is_set: isSet, trouble, waiting, waiting_since: since } = server;
  return (
    <div className={classes.server} role="status" data-testid="mail-server">
      {!isSet ? (
        <StateMark icon={IconMailOff} tone="bad">{say.notSet}</StateMark>
      ) : trouble ? (
        <StateMark icon={IconAlertTriangle} tone="bad">{say.away}</StateMark>
      ) : (
        <StateMark icon={IconCircleCheck} tone="good">{say.works}</StateMark>
      )}
      {isSet && trouble && <code className={classes.reason}>{trouble}</code>}
      {!isSet && <span className={classes.quiet}>{say.notSetHelp}</span>}
      {waiting > 0 && (
        <span className={classes.quiet}>
          {say.waiting(waiting, numberText(waiting, locale))}
          {since && (
            <>
              {" "}
              <Time at={since} />
            </>
          )}
        </span>
      )}
    </div>
  );
}
