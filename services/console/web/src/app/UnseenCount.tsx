import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { getUnseen, REQUESTS_KEY } from "../api/requests";
import { Gatherer, useLive } from "../features/live";
import { numberText } from "../ui/times";
import { setTitleCount } from "../ui/title";
import { useSpeech } from "../words";
import classes from "./Shell.module.css";

const KEY = [...REQUESTS_KEY, "unseen"];
const EVERY_MS = 1_000;

/** How many messages nobody has looked at, beside the log's name and in the tab's title. */
export function UnseenCount() {
  const { words, locale } = useSpeech();
  const client = useQueryClient();
  const { hear } = useLive();
  const { data } = useQuery({ queryKey: KEY, queryFn: ({ signal }) => getUnseen(signal) });
  const total = data?.total ?? 0;
  useEffect(() => {
    const counts = new Gatherer<null>(() => void client.invalidateQueries({ queryKey: KEY }), EVERY_MS);
    const stop = hear((event) => {
      if (event.type === "reset" || (event.type === "change" && event.change.kind === "request")) counts.add(null);
    });
    return () => {
      stop();
      counts.stop();
    };
  }, [hear, client]);
  useEffect(() => {
    setTitleCount(total);
    return () => {
      setTitleCount(0);
    };
  }, [total]);
  if (total === 0) return null;
  return (
    <span className={classes.count} data-testid="unseen-count" aria-label={words.app.unseen(numberText(total, locale))}>
      {total > 999 ? "999+" : numberText(total, locale)}
    </span>
  );
}
