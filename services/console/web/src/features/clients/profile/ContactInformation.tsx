import { Badge, Group, Stack, Text } from "@mantine/core";
import { useSpeech } from "../../../words";
import { useProfileWords } from "../../../words/profile";
import { Channel } from "../../../ui/channels";
import { languageName } from "../../../ui/languages";
import { TagBadge } from "../../../ui/TagBadge";
import { Time } from "../../../ui/Time";
import { useMayEditPeople } from "../../session";
import { CardChannels } from "../CardChannels";
import { CardClaims } from "../CardClaims";
import classes from "../clients.module.css";
import type { ClientCard } from "../getClient";
import { RegisteredMark } from "../RegisteredMark";
import { Applications } from "./Applications";
import { Contactable } from "./Contactable";
import { Fact } from "./Fact";
import { FieldValues } from "./FieldValues";
import { Many } from "./Many";
import { AddressLines, LocationLines } from "./Places";
import { PreferenceLink } from "./PreferenceLink";
import { PushTokens } from "./PushTokens";
import { Subscriptions } from "./Subscriptions";

/** All that is known of the person, by the seed's own names; under it each channel and why it is theirs. */
export function ContactInformation({ client }: { client: ClientCard }) {
  const { words, locale } = useSpeech();
  const say = useProfileWords();
  const { card, clients } = words;
  const mayEdit = useMayEditPeople();
  const bots = client.channels.filter(({ chat_contact: chat }) => chat.channel === "telegram");
  return (
    <Stack gap="lg" data-testid="client-card">
      <dl className={classes.facts}>
        <Fact name={clients.columns.registered}>
          <RegisteredMark registered={client.registered} />
        </Fact>
        <Fact name={card.email}>
          <Contactable kind="email" client={client} />
        </Fact>
        <Fact name={card.phone}>
          <Contactable kind="phone" client={client} />
        </Fact>
        <Fact name={say.rows.contactKey} empty={!client.contact_key}>
          <bdi>{client.contact_key}</bdi>
        </Fact>
        <Fact name={say.rows.applications} empty={client.applications.length === 0}>
          <Applications applications={client.applications} />
        </Fact>
        <Fact name={say.rows.telegram} empty={bots.length === 0}>
          {bots.map(({ chat_contact: chat }) => (
            <div key={chat.id}>
              <bdi>{chat.connection_name}</bdi>{" "}
              <Text c="dimmed" span>
                {chat.bot_id && say.botId(chat.bot_id)}
              </Text>
            </div>
          ))}
        </Fact>
        {(["mobile", "web"] as const).map((kind) => {
          const tokens = client.push_tokens.filter((token) => token.kind === kind);
          return (
            <Fact key={kind} name={kind === "mobile" ? say.rows.mobilePush : say.rows.webPush} empty={tokens.length === 0}>
              <PushTokens tokens={tokens} />
            </Fact>
          );
        })}
        <Fact name={say.rows.subscriptions}>
          <Subscriptions client={client} />
          {mayEdit && <PreferenceLink clientId={client.id} />}
        </Fact>
        <Fact name={say.rows.address} empty={!client.address}>
          {client.address && <AddressLines address={client.address} />}
        </Fact>
        <Fact name={say.rows.location} empty={!client.location}>
          {client.location && <LocationLines location={client.location} />}
        </Fact>
        <Fact name={say.rows.regional} empty={!client.time_zone && !client.language}>
          {client.time_zone && <div>{client.time_zone.replaceAll("_", " ")}</div>}
          {client.language && <div data-tip={client.language}>{languageName(client.language, locale)}</div>}
        </Fact>
        <Fact name={say.rows.segments} empty={client.segments.length === 0}>
          <Badges names={client.segments.map(({ id, name, by_rule: byRule }) => ({ id, name, note: byRule ? say.byRule : "" }))} />
        </Fact>
        <Fact name={say.rows.groups} empty={client.groups.length === 0}>
          <Badges names={client.groups} />
        </Fact>
        <Fact name={card.tags} empty={client.tags.length === 0}>
          <Group gap={6}>
            <Many items={client.tags} first={20}>
              {(tag) => <TagBadge key={tag.id} tag={tag} />}
            </Many>
          </Group>
        </Fact>
        <Fact name={card.source} empty={!client.source}>
          {client.source && <Channel badge channel={client.source} />}
        </Fact>
        <Fact name={card.created}>
          <Time at={client.created_at} />
        </Fact>
      </dl>
      <FieldValues fields={client.fields} />
      <CardChannels channels={client.channels} />
      {client.claims.length > 0 && <CardClaims claims={client.claims} />}
    </Stack>
  );
}

function Badges({ names }: { names: readonly { id: string; name: string; note?: string }[] }) {
  return (
    <Group gap={6}>
      <Many items={names} first={20}>
        {({ id, name, note }) => (
          <Badge key={id} variant="default" tt="none" fw={500} maw="100%">
            <bdi>{name}</bdi>
            {note && ` · ${note}`}
          </Badge>
        )}
      </Many>
    </Group>
  );
}
