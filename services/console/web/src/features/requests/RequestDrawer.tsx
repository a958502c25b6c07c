import { Anchor, Skeleton, Stack, Text } from "@mantine/core";
import { useEffect, useRef } from "react";
import { Link, useNavigate, useParams, useSearchParams } from "react-router";
import { asProblem } from "../../api/problem";
import { type ContactRequest, markSeen } from "../../api/requests";
import { Blank } from "../../ui/Blank";
import { Channel } from "../../ui/channels";
import { Facts } from "../../ui/Facts";
import { Failure } from "../../ui/Failure";
import { Side } from "../../ui/Side";
import { Time } from "../../ui/Time";
import { useRequestWords } from "../../words/requests";
import { useSession } from "../session";
import { Comments } from "./Comments";
import { Content } from "./Content";
import { HistoryList } from "./HistoryList";
import { Work } from "./Work";
import { useRequest } from "./useRequests";

/** One message that was left, in a drawer over the log, at /queues/log/<id>. */
export default function RequestDrawer() {
  const { id = "" } = useParams();
  const { requests: say } = useRequestWords();
  const [params] = useSearchParams();
  const go = useNavigate();
  const request = useRequest(id);
  useLooked(request.data);
  return (
    <Side rowId={id} holds title={request.data ? say.one(request.data.n) : say.oneUnknown} onClose={() => void go({ pathname: "/queues/log", search: params.toString() })}>
      {request.data ? (
        <Stack gap="lg" data-testid="request" key={id}>
          <About request={request.data} />
          <Work request={request.data} />
          <Content request={request.data} />
          <Comments request={request.data} />
          <HistoryList request={request.data} />
        </Stack>
      ) : request.error ? (
        asProblem(request.error).status === 404 ? (
          <Blank title={say.missingTitle} text={say.missing} />
        ) : (
          <Failure error={request.error} retry={() => void request.refetch()} />
        )
      ) : (
        <Skeleton height={320} />
      )}
    </Side>
  );
}

/** Whoever opens the entry has looked: nobody else needs to be told any more. */
function useLooked(request: ContactRequest | undefined): void {
  const { user } = useSession();
  const told = useRef<string | null>(null);
  const mayTell = user?.scopes.includes("requests:write") ?? false;
  useEffect(() => {
    if (!request || request.seen || !mayTell || told.current === request.id) return;
    told.current = request.id;
    markSeen([request.id]).catch(() => {
      told.current = null;
    });
  }, [request, mayTell]);
}

function About({ request }: { request: ContactRequest }) {
  const { requests: say } = useRequestWords();
  const { escalation, seen_by: seenBy, seen_at: seenAt } = request;
  return (
    <Stack gap="xs">
      <Facts
        facts={[
          [say.left, <Time key="at" at={request.at} />],
          [say.columns.queue, `${request.queue_name ?? request.queue_id}, ${request.while_closed ? say.whileClosed : say.whileOpen}`],
          [say.columns.channel, <span key="channel"><Channel channel={request.channel} /> · {say.via[request.via] ?? request.via}</span>],
          [say.who, <Who key="who" request={request} />],
          [say.seenBy, seenAt ? <span key="seen"><bdi>{seenBy?.name ?? say.somebody}</bdi>, <Time at={seenAt} /></span> : say.seenNot],
        ]}
      />
      {escalation && (
        <Text size="sm" c="dimmed" data-testid="escalation">
          {say.escalating(escalation.step)}
          {escalation.next_at && (
            <>
              {"; "}
              {say.nextStep} <Time at={escalation.next_at} ahead />
            </>
          )}
        </Text>
      )}
    </Stack>
  );
}

/** One click to whoever wrote: their card where they are a client, and their conversation. */
function Who({ request: { client_id: clientId, chat_contact_id: chatId } }: { request: ContactRequest }) {
  const { requests: say } = useRequestWords();
  return (
    <>
      {clientId && (
        <>
          <Anchor component={Link} to={`/clients/${clientId}`}>{say.profile}</Anchor>
          {" · "}
        </>
      )}
      <Anchor component={Link} to={`/conversations/${chatId}`}>{say.conversation}</Anchor>
    </>
  );
}
