import { useWords } from "../../words";
import classes from "./Live.module.css";
import { useLive } from "./LiveProvider";

/** A small "Live" beside the page's title, while it is true. */
export function LiveState() {
  const { status } = useLive();
  const { live } = useWords();
  const on = status.state === "live" || status.state === "caught-up";
  return (
    <span className={classes.state} data-on={on || undefined} data-testid="live-state" data-tip={on ? live.liveHelp : live.lost}>
      <span className={classes.dot} aria-hidden />
      {on ? live.live : live.connecting}
    </span>
  );
}
