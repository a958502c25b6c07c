import { Transition } from "@mantine/core";
import { IconCircleCheck, IconWifiOff } from "@tabler/icons-react";
import { useEffect } from "react";
import { numberText } from "../../ui/times";
import { useSpeech } from "../../words";
import classes from "./Live.module.css";
import { useLive } from "./LiveProvider";

const CAUGHT_UP_MS = 5_000;

/** Says that the line is lost, and later that it has caught up. Lies over the page, so that nothing moves. */
export function LiveBanner() {
  const { status, dismiss } = useLive();
  const { words, locale } = useSpeech();
  const caughtUp = status.state === "caught-up";

  useEffect(() => {
    if (!caughtUp) return;
    const timer = setTimeout(dismiss, CAUGHT_UP_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [caughtUp, dismiss]);

  const changes = status.state === "caught-up" ? status.changes : 0;
  return (
    <div className={classes.place} role="status" data-testid="live-banner">
      <Transition mounted={status.state === "lost" || caughtUp} transition="slide-up" duration={150}>
        {(style) => (
          <div className={classes.banner} style={style}>
            {caughtUp ? (
              <>
                <IconCircleCheck size={18} aria-hidden />
                {words.live.caughtUp(changes, numberText(changes, locale))}
              </>
            ) : (
              <>
                <IconWifiOff size={18} aria-hidden />
                {words.live.lost}
              </>
            )}
          </div>
        )}
      </Transition>
    </div>
  );
}
