import { NativeSelect, Switch, Text, Title } from "@mantine/core";
import { useQueues } from "../../api/queues";
import { useRequestWords } from "../../words/requests";
import classes from "./notifications.module.css";
import type { Props } from "./Ways";

const WAYS = ["sound", "desktop", "email", "push"] as const;

/** What is different in one of the user's queues. */
export function ByQueue({ settings, onChange }: Props) {
  const { notifications: say } = useRequestWords();
  const queues = useQueues();
  const mine = queues.data?.filter(({ is_member }) => is_member);
  const set = (id: string, part: Settings[string]) => {
    onChange({ queues: { ...settings.queues, [id]: { ...settings.queues[id], ...part } } });
  };
  return (
    <section className={classes.section} aria-label={say.queues}>
      <Title order={2}>{say.queues}</Title>
      <Text size="xs" c="dimmed">
        {mine?.length === 0 ? say.noQueues : say.queuesHelp}
      </Text>
      {mine?.map(({ id, name }) => {
        const own = settings.queues[id] ?? {};
        return (
          <div key={id} className={classes.queue} role="group" aria-label={name}>
            <Text fw={600} dir="auto">
              {name}
            </Text>
            <Switch
              label={say.off}
              checked={own.off ?? false}
              onChange={(event) => {
                set(id, { off: event.currentTarget.checked });
              }}
            />
            {!own.off && (
              <div className={classes.choices}>
                {WAYS.map((way) => (
                  <NativeSelect
                    key={way}
                    size="xs"
                    label={say.ways[way]}
                    value={own[way] === undefined || own[way] === null ? "" : String(own[way])}
                    data={[
                      { value: "", label: say.asAbove },
                      { value: "true", label: say.on },
                      { value: "false", label: say.no },
                    ]}
                    onChange={(event) => {
                      const { value } = event.currentTarget;
                      set(id, { [way]: value === "" ? null : value === "true" });
                    }}
                  />
                ))}
              </div>
            )}
          </div>
        );
      })}
    </section>
  );
}

type Settings = Props["settings"]["queues"];
