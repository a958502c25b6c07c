import { Group, List, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconCircle, IconCircleFilled } from "@tabler/icons-react";
import type { Queue } from "../../api/queues";
import { CopyButton } from "../../ui/CopyButton";
import { Facts } from "../../ui/Facts";
import { StateMark } from "../../ui/StateMark";
import { useSpeech } from "../../words";
import { useQueueWords } from "../../words/queues";
import { weekdays } from "./clock";
import { NowMark } from "./NowMark";
import classes from "./queues.module.css";
import { secondsText } from "./secondsText";
import { useMembers } from "./useQueue";

/** A queue for those who may look at it, and not change it. */
export function QueueSummary({ queue }: { queue: Queue }) {
  const say = useQueueWords();
  const { locale } = useSpeech();
  const members = useMembers(queue.id);
  const days = weekdays(locale);
  return (
    <Stack gap="lg" maw={720} data-testid="queue-summary">
      <Text c="dimmed">{say.readOnly}</Text>
      <Facts
        facts={[
          [say.columns.now, <NowMark key="now" queue={queue} />],
          [say.sections.closed, say.whenClosed[queue.when_closed] ?? queue.when_closed],
          [say.timeZone, queue.time_zone],
          ...days.map((day, at) => [day, queue.hours[at]?.map(({ opens, closes }) => `${opens}–${closes}`).join(", ") || say.closedThatDay] as const),
          [say.escalateAfter, secondsText(queue.escalate_after_seconds, say)],
        ]}
      />
      <section>
        <Title order={2} mb="xs">
          {say.people}
        </Title>
        <List listStyleType="none" spacing={4}>
          {members.data?.map(({ id, name, online }) => (
            <List.Item key={id}>
              <Group gap="xs">
                <bdi>{name}</bdi>
                {id === queue.lead && <Text c="dimmed">{say.isLead}</Text>}
                <StateMark icon={online ? IconCircleFilled : IconCircle} tone={online ? "good" : undefined}>
                  {online ? say.online : ""}
                </StateMark>
              </Group>
            </List.Item>
          ))}
        </List>
      </section>
      <HostedPage address={queue.form_url} />
    </Stack>
  );
}

/** The address of the form as a page of its own, to be copied. */
export function HostedPage({ address }: { address: string }) {
  const say = useQueueWords();
  return (
    <section className={classes.section} aria-label={say.address}>
      <Group align="flex-end" gap="xs" wrap="nowrap">
        <TextInput
          flex={1}
          label={say.address}
          value={address}
          readOnly
          dir="ltr"
          onFocus={(event) => {
            event.currentTarget.select();
          }}
        />
        <Copy address={address} />
      </Group>
      <Text size="xs" c="dimmed" mt={4}>
        {say.addressHelp}
      </Text>
    </section>
  );
}

function Copy({ address }: { address: string }) {
  const { words } = useSpeech();
  return <CopyButton text={address} label={words.app.copy} size="sm" />;
}
