import { Skeleton, Stack, Title } from "@mantine/core";
import type { ContactRequest } from "../../api/requests";
import { Failure } from "../../ui/Failure";
import { Time } from "../../ui/Time";
import { useSpeech } from "../../words";
import { type RequestWords, useRequestWords } from "../../words/requests";
import type { Happening, Status } from "./api";
import { statusName } from "./Marks";
import classes from "./requests.module.css";
import { useHistory, useMembers, useStatuses } from "./useRequests";

/** Everything that happened to it, the newest first: who looked and when, and whom each step of the escalation reached. */
export function HistoryList({ request }: { request: ContactRequest }) {
  const { requests: say } = useRequestWords();
  const { language } = useSpeech();
  const history = useHistory(request.id);
  const statuses = useStatuses();
  const members = useMembers(request.queue_id);
  const people = new Map(members.data?.map(({ id, name }) => [id, name]));
  const nameOf = (id: string) => people.get(id) ?? say.somebody;
  if (history.error && !history.data) return <Failure error={history.error} retry={() => void history.refetch()} />;
  return (
    <Stack component="section" gap="xs" aria-label={say.history} data-testid="history">
      <Title order={2}>{say.history}</Title>
      {!history.data ? (
        <Skeleton height={80} />
      ) : (
        <ol className={classes.happened}>
          {history.data.items.map((happening, place) => (
            <li key={`${happening.at}:${String(place)}`}>
              {happening.by && <bdi>{happening.by.name ?? say.somebody}</bdi>} {said(happening, say, statuses.data?.items, language)}
              <span className={classes.detail}>
                <Time at={happening.at} />
              </span>
              {happening.kind === "escalated" && <Reached what={happening.what} nameOf={nameOf} />}
            </li>
          ))}
        </ol>
      )}
    </Stack>
  );
}

function said({ kind, what }: Happening, say: RequestWords["requests"], statuses: readonly Status[] | undefined, language: string): string {
  if (kind === "status" && typeof what.status === "string") {
    return say.setTo(statusName(statuses?.find(({ id }) => id === what.status), what.status, language));
  }
  if (kind === "given") {
    const to = what.to as { name?: string | null } | null | undefined;
    return to ? say.gaveTo(to.name ?? say.somebody) : say.gaveBack;
  }
  if (kind === "escalated" && typeof what.step === "string") return say.stepKinds[what.step] ?? what.step;
  return say.did[kind] ?? kind;
}

interface Step {
  reached?: { user_id: string; by: string[] }[];
  skipped?: { user_id: string; why: string }[];
}

/** Whom a step told and by what, and whom it passed over and why. */
function Reached({ what, nameOf }: { what: Happening["what"]; nameOf: (id: string) => string }) {
  const { requests: say } = useRequestWords();
  const { reached = [], skipped = [] } = what as Step;
  return (
    <>
      {reached.length === 0 && <span className={classes.detail}>{say.reachedNobody}</span>}
      {reached.map(({ user_id: id, by }) => (
        <span key={id} className={classes.detail}>
          {say.reached(nameOf(id), by.map((way) => say.by[way] ?? way).join(", "))}
        </span>
      ))}
      {skipped.map(({ user_id: id, why }) => (
        <span key={id} className={classes.detail}>
          {say.reached(nameOf(id), say.skippedBecause[why] ?? why)}
        </span>
      ))}
    </>
  );
}
