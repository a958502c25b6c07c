import { Badge, Group, Text } from "@mantine/core";
import { IconHelpCircle, IconRosetteDiscountCheckFilled } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Channel } from "../../ui/channels";
import { Time } from "../../ui/Time";
import { useWords } from "../../words";
import classes from "./clients.module.css";
import type { ClientChannel } from "./getClient";
import type { Client } from "./getClients";
import { RegisteredMark } from "./RegisteredMark";

/** What is known of the person, each value with how sure it is. */
export function CardFacts({ client, channels }: { client: Client; channels: readonly ClientChannel[] }) {
  const { card, clients } = useWords();
  return (
    <dl className={classes.facts}>
      <Fact name={clients.columns.registered}>
        <RegisteredMark registered={client.registered} />
      </Fact>
      <Fact name={card.email}>
        <Sure value={client.email} verified={client.email_verified} channels={channels} />
      </Fact>
      <Fact name={card.phone}>
        <Sure value={client.phone} verified={client.phone_verified} channels={channels} />
      </Fact>
      <Fact name={card.source}>
        {client.source ? <Channel badge channel={client.source} /> : <Text c="dimmed">{card.none}</Text>}
      </Fact>
      {client.contact_key && <Fact name={card.contactKey}>{client.contact_key}</Fact>}
      {client.tags.length > 0 && (
        <Fact name={card.tags}>
          <Group gap={6}>
            {client.tags.map((tag) => (
              <Badge key={tag.id} variant="default" tt="none" fw={500}>
                <bdi>{tag.name}</bdi>
              </Badge>
            ))}
          </Group>
        </Fact>
      )}
      <Fact name={card.created}>
        <Time at={client.created_at} />
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Sure({ value, verified, channels }: { value: string | null; verified: boolean; channels: readonly ClientChannel[] }) {
  const { card } = useWords();
  if (!value) return <Text c="dimmed">{card.none}</Text>;
  const wasTyped = channels.some(({ linked }) => linked?.value === value && linked.strength === "claimed");
  return (
    <>
      <bdi>{value}</bdi>
      <Group gap={4} c="dimmed" fz="xs" wrap="nowrap">
        {verified ? <IconRosetteDiscountCheckFilled size={14} color="var(--kith-good)" aria-hidden /> : <IconHelpCircle size={14} aria-hidden />}
        {verified ? card.verified : wasTyped ? card.claimed : card.unverified}
      </Group>
    </>
  );
}
