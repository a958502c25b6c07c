import { Button, Group, Stack, Switch, Text, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { asProblem } from "../../api/problem";
import { type Settings, tryWay } from "../../api/notifications";
import { explained } from "../../ui/Failure";
import { Refused } from "../../ui/Refused";
import { useSpeech } from "../../words";
import { useRequestWords } from "../../words/requests";
import classes from "./notifications.module.css";
import { canPush, pushSubscription, subscribe, unsubscribe } from "./push";

export interface Props {
  settings: Settings;
  onChange: (part: Partial<Settings>) => void;
}

const WAYS = ["sound", "desktop", "email", "push"] as const;
type Way = (typeof WAYS)[number];

/** Sound, desktop, email and push: each on or off, each to be tried. */
export function Ways({ settings, onChange }: Props) {
  const { notifications: say } = useRequestWords();
  return (
    <section className={classes.section} aria-label={say.registered}>
      <Title order={2}>{say.registered}</Title>
      {WAYS.map((way) => (
        <div key={way} className={classes.way} data-testid={`way-${way}`}>
          <Switch
            label={say.ways[way]}
            description={say.means[way]}
            checked={settings[way]}
            onChange={(event) => {
              onChange({ [way]: event.currentTarget.checked });
            }}
          />
          <Stack gap="xs" align="flex-start">
            {way === "desktop" && <Permission />}
            {way === "push" && <PushHere />}
            <TryIt way={way} />
          </Stack>
        </div>
      ))}
    </section>
  );
}

/** Has the service tell the user by one way, as a message would. */
function TryIt({ way }: { way: Way }) {
  const { notifications: say } = useRequestWords();
  const { words } = useSpeech();
  const trying = useMutation({ mutationFn: () => tryWay(way) });
  const told = trying.data;
  return (
    <>
      <Button
        size="xs"
        variant="default"
        aria-label={say.trying(say.ways[way] ?? way)}
        loading={trying.isPending}
        onClick={() => {
          trying.mutate();
        }}
      >
        {say.tryIt}
      </Button>
      <span role="status" className={classes.told}>
        {told && (told.outcome === "sent" ? (say.tried[way] ?? told.detail) : told.detail)}
      </span>
      {trying.error && <Refused>{explained(asProblem(trying.error), words).text}</Refused>}
    </>
  );
}

/** What the browser allows, and how to change it. */
function Permission() {
  const { notifications: say } = useRequestWords();
  const [state, setState] = useState<string>(() => ("Notification" in window ? Notification.permission : "unsupported"));
  return (
    <Group gap="xs">
      <Text size="xs" c="dimmed" data-testid="permission">
        {say.permission[state]}
      </Text>
      {state === "default" && (
        <Button size="xs" onClick={() => void Notification.requestPermission().then(setState)}>
          {say.ask}
        </Button>
      )}
    </Group>
  );
}

/** Whether this very browser is pushed to. */
function PushHere() {
  const { notifications: say } = useRequestWords();
  const { language, words } = useSpeech();
  const [on, setOn] = useState<boolean | null>(null);
  useEffect(() => {
    pushSubscription().then(
      (there) => {
        setOn(there !== null);
      },
      () => {
        setOn(false);
      },
    );
  }, []);
  const turning = useMutation({
    mutationFn: async (wanted: boolean) => {
      if (wanted) await subscribe(language);
      else await unsubscribe();
      return wanted;
    },
    onSuccess: setOn,
  });
  if (!canPush()) return <Text size="xs" c="dimmed">{say.permission.unsupported}</Text>;
  // Browsers say themselves why they do not let a page be pushed to.
  const why = turning.error && (turning.error instanceof DOMException ? turning.error.message : explained(asProblem(turning.error), words).text);
  return (
    <>
      <Text size="xs" c="dimmed">
        {on ? say.pushOn : say.pushOff}
      </Text>
      <Button
        size="xs"
        variant="default"
        loading={turning.isPending || on === null}
        onClick={() => {
          turning.mutate(!on);
        }}
      >
        {on ? say.unsubscribe : say.subscribe}
      </Button>
      {why && <Refused title={say.pushRefused}>{why}</Refused>}
    </>
  );
}
