import { Group, Text } from "@mantine/core";
import { IconBell, IconBellOff } from "@tabler/icons-react";
import { Time } from "../../../ui/Time";
import { useProfileWords } from "../../../words/profile";
import type { ClientCard } from "../getClient";

/** Which kinds of messages the person wants, since when. */
export function Subscriptions({ client }: { client: ClientCard }) {
  const say = useProfileWords();
  if (client.subscriptions.length === 0)
    return (
      <Text c="dimmed" component="div">
        {say.none}
      </Text>
    );
  return client.subscriptions.map(({ category_id: id, name, subscribed, chosen_at: at }) => (
    <Group key={id} gap={6} wrap="nowrap" align="flex-start" data-testid="subscription">
      {subscribed ? <IconBell size={16} color="var(--kith-good)" aria-hidden style={{ flex: "none", marginTop: 2 }} /> : <IconBellOff size={16} aria-hidden style={{ flex: "none", marginTop: 2 }} />}
      <span>
        <bdi>{name}</bdi>{" "}
        <Text c="dimmed" size="xs" span>
          {subscribed ? say.subscribed : say.notSubscribed}, {at ? <Time at={at} /> : say.byDefault}
        </Text>
      </span>
    </Group>
  ));
}
