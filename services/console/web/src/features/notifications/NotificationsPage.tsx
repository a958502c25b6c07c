import { Skeleton } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { asProblem } from "../../api/problem";
import { SETTINGS_KEY, type Settings, setSettings, useSettings } from "../../api/notifications";
import { explained, Failure } from "../../ui/Failure";
import classes from "../../ui/ListPage.module.css";
import { PageHead } from "../../ui/PageHead";
import { Refused } from "../../ui/Refused";
import { useSpeech } from "../../words";
import { useRequestWords } from "../../words/requests";
import { ByQueue } from "./ByQueue";
import { Quiet } from "./Quiet";
import { Ways } from "./Ways";

/** Settings → Notifications: how the user is told of messages that were left. Everything turns at once. */
export default function NotificationsPage() {
  const { notifications: say } = useRequestWords();
  const { words } = useSpeech();
  const client = useQueryClient();
  const settings = useSettings();
  const saving = useMutation({
    // One after the other: of two quick changes the last one stands.
    scope: { id: "my-notifications" },
    mutationFn: setSettings,
    onMutate: (wanted) => {
      const before = client.getQueryData<Settings>(SETTINGS_KEY);
      client.setQueryData(SETTINGS_KEY, wanted);
      return before;
    },
    onError: (_error, _wanted, before) => {
      client.setQueryData(SETTINGS_KEY, before);
    },
    onSuccess: (fresh) => {
      client.setQueryData(SETTINGS_KEY, fresh);
    },
  });
  const change = (part: Partial<Settings>) => {
    const now = client.getQueryData<Settings>(SETTINGS_KEY);
    if (now) saving.mutate({ ...now, ...part });
  };
  return (
    <div className={classes.page} style={{ blockSize: "auto", maxInlineSize: 880 }}>
      <PageHead title={say.title} about={say.about} />
      {saving.error && <Refused title={say.refused}>{explained(asProblem(saving.error), words).text}</Refused>}
      {settings.data ? (
        <>
          <Ways settings={settings.data} onChange={change} />
          <Quiet settings={settings.data} onChange={change} />
          <ByQueue settings={settings.data} onChange={change} />
        </>
      ) : settings.error ? (
        <Failure error={settings.error} retry={() => void settings.refetch()} />
      ) : (
        <Skeleton height={320} />
      )}
    </div>
  );
}
