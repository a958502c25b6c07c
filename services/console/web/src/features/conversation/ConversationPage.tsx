import { Alert, Anchor, Group, Skeleton, Stack, Text } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { useMemo } from "react";
import { Link, useParams } from "react-router";
import { asProblem } from "../../api/problem";
import { Blank } from "../../ui/Blank";
import { Channel } from "../../ui/channels";
import { Failure } from "../../ui/Failure";
import { PageHead } from "../../ui/PageHead";
import { Time } from "../../ui/Time";
import { useConversationWords } from "../../words/conversation";
import { LiveState } from "../live";
import { useSession } from "../session";
import { Composer } from "./Composer";
import classes from "./conversation.module.css";
import { HoldBar } from "./HoldBar";
import { TagsEditor } from "./TagsEditor";
import { Thread } from "./Thread";
import { daysOf } from "./thread";
import { useSaying } from "./useSaying";
import { useThread } from "./useThread";

/** One chat, at /conversations/<chat contact id>. */
export default function ConversationPage() {
  const { id = "" } = useParams();
  return <Conversation key={id} id={id} />;
}

function Conversation({ id }: { id: string }) {
  const words = useConversationWords();
  const { user } = useSession();
  const { contact, standing, messages, refresh } = useThread(id);
  const saying = useSaying(id, refresh);
  const days = useMemo(() => daysOf(messages.data?.pages ?? []), [messages.data]);

  const error = contact.error ?? standing.error ?? messages.error;
  const isHere = contact.data && standing.data && messages.data;
  if (error && !isHere) {
    if (asProblem(error).status === 404) return <Blank title={words.missingTitle} text={words.missing} />;
    return <Failure error={error} retry={() => void refresh()} />;
  }
  if (!contact.data || !standing.data || !messages.data)
    return (
      <Stack p="lg">
        <Skeleton height={48} />
        <Skeleton height={320} />
      </Stack>
    );

  const person = contact.data;
  const hasProfile = person.client_id !== null;
  const mayWrite = hasProfile && (user?.scopes.includes("conversations:write") ?? false);
  const why = standing.data.why_not;
  return (
    <div className={classes.page}>
      <PageHead title={words.titleOf(person.name ?? person.contact_id)} about={words.about}>
        <LiveState />
      </PageHead>
      <Group gap="md">
        <Channel channel={person.channel} badge />
        <bdi>{person.connection_name}</bdi>
        <bdi>{person.contact_id}</bdi>
        {person.client_id && (
          <Anchor component={Link} to={`/clients/${person.client_id}`} size="sm">
            {words.card}
          </Anchor>
        )}
      </Group>
      {person.client_id && <TagsEditor clientId={person.client_id} />}
      {(mayWrite || standing.data.hold) && <HoldBar id={id} standing={standing.data} mayAnswer={mayWrite} refresh={refresh} />}
      <Thread days={days} messages={messages} person={person.name} saying={saying} empty={<Blank title={words.emptyTitle} text={words.empty} />} />
      {!hasProfile && <Note>{words.readOnly}</Note>}
      {mayWrite && why && <Note>{words.why[why] ?? why}</Note>}
      {mayWrite && !why && standing.data.window_until && (
        <Text size="xs" c="dimmed" data-testid="window">
          {words.windowEnds} <Time at={standing.data.window_until} ahead />
        </Text>
      )}
      {mayWrite && <Composer id={id} standing={standing.data} onSend={saying.send} />}
    </div>
  );
}

function Note({ children }: { children: string }) {
  return (
    <Alert role="status" variant="light" icon={<IconInfoCircle size={18} aria-hidden />} styles={{ message: { color: "var(--mantine-color-text)" } }} data-testid="note">
      {children}
    </Alert>
  );
}
