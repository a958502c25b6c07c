import { Group, Stack, Text, Title } from "@mantine/core";
import { IconBan } from "@tabler/icons-react";
import { Channel } from "../../ui/channels";
import { Time } from "../../ui/Time";
import { useWords } from "../../words";
import { ConversationLink } from "../conversation";
import classes from "./clients.module.css";
import type { ClientChannel } from "./getClient";
import { linkedBecause } from "./linkedBecause";

/** Every channel of the client: which chat, and why it is theirs. */
export function CardChannels({ channels }: { channels: readonly ClientChannel[] }) {
  const { card } = useWords();
  return (
    <Stack component="section" gap="xs" aria-labelledby="card-channels">
      <Title order={2} id="card-channels">
        {card.channels}
      </Title>
      {channels.length === 0 && <Text c="dimmed">{card.noChannels}</Text>}
      {channels.map((channel) => (
        <OneChannel key={channel.chat_contact.id} {...channel} />
      ))}
    </Stack>
  );
}

function OneChannel({ chat_contact: chat, linked }: ClientChannel) {
  const words = useWords();
  const { card, channels } = words;
  return (
    <article className={classes.channel} data-testid="card-channel">
      <Group justify="space-between">
        <Text fw={600} component="h3">
          <Channel channel={chat.channel} />
        </Text>
        <Text c="dimmed" size="xs" span>
          {linked && (
            <>
              {card.linkedAt} <Time at={linked.at} />
            </>
          )}
        </Text>
      </Group>
      {linked && <p className={classes.why}>{linkedBecause(linked, chat.channel, words)}</p>}
      <dl className={classes.facts}>
        <dt>{card.chatId}</dt>
        <dd>
          <bdi>{chat.contact_id}</bdi>
        </dd>
        <dt>{card.bot}</dt>
        <dd>
          <bdi>{chat.connection_name}</bdi>{" "}
          <Text c="dimmed" span>
            {chat.bot_id}
          </Text>
        </dd>
        {chat.last_message && (
          <>
            <dt>{card.lastMessage}</dt>
            <dd>
              <Time at={chat.last_message.at} />
            </dd>
          </>
        )}
      </dl>
      <Text mt="xs" component="div">
        <ConversationLink chatContactId={chat.id} who={`${channels[chat.channel] ?? chat.channel} ${chat.contact_id}`} />
      </Text>
      {chat.blocked && (
        <Group gap={6} mt="xs" c="var(--kith-bad)">
          <IconBan size={16} aria-hidden />
          {card.blocked}
        </Group>
      )}
    </article>
  );
}
