import { Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { asProblem } from "../../api/problem";
import { Blank } from "../../ui/Blank";
import { Side } from "../../ui/Side";
import { Time } from "../../ui/Time";
import { useWords } from "../../words";
import { useLiveChange } from "../live";
import { getSteps, type Step, type Steps } from "./getSteps";
import { useVisitor } from "./useVisitor";
import { useClose } from "./useClose";
import { VisitorProblem } from "./VisitorProblem";
import classes from "./visitors.module.css";

/** The last steps in the scenario, newest first. */
export default function StepsDrawer() {
  const { id = "" } = useParams();
  const { visitors } = useWords();
  const steps = useQuery({
    queryKey: ["visitors", "steps", id],
    queryFn: ({ signal }) => getSteps(id, signal).catch(noneYet),
  });
  useLiveChange("chat-contact", id, () => void steps.refetch());
  return (
    <Side title={visitors.stepsTitle} rowId={id} onClose={useClose()}>
      <Who id={id} />
      {steps.data ? (
        <AllSteps {...steps.data} />
      ) : steps.error ? (
        <VisitorProblem error={steps.error} retry={() => void steps.refetch()} />
      ) : (
        <Stack>
          <Skeleton height={48} />
          <Skeleton height={48} />
          <Skeleton height={48} />
        </Stack>
      )}
    </Side>
  );
}

/** Whose steps these are; with the way to the card, should they have become a client meanwhile. */
function Who({ id }: { id: string }) {
  const { visitors } = useWords();
  const { data: visitor } = useVisitor(id);
  if (!visitor) return <Skeleton height={20} mb="md" />;
  return (
    <Text mb="md" className={classes.text} data-testid="steps-of">
      <bdi className={classes.scenario}>{visitor.name}</bdi> · {visitors.columns.chatId} <bdi>{visitor.contact_id}</bdi>
      {visitor.client_id && (
        <>
          {" · "}
          <Link to={`/clients/${visitor.client_id}`}>{visitors.became}</Link>
        </>
      )}
    </Text>
  );
}

/** The conversation's own service may hear of a newcomer a moment later than the list does. */
function noneYet(error: unknown): Steps {
  if (asProblem(error).status === 404) return { items: [], scenario: { name: null, state: "not_started", waits_at: null } };
  throw error;
}

function AllSteps({ items, scenario }: Steps) {
  const { visitors, steps } = useWords();
  return (
    <Stack gap="lg">
      <Text c="dimmed" data-testid="scenario">
        {scenario.name === null ? (
          steps.noScenario
        ) : (
          <>
            {visitors.scenario} <bdi className={classes.scenario}>{scenario.name}</bdi>: {steps.states[scenario.state] ?? scenario.state}
            {scenario.waits_at && ` ${steps.waitsAt(scenario.waits_at)}`}
          </>
        )}
      </Text>
      {items.length === 0 ? (
        <Blank title={visitors.stepsEmptyTitle} text={visitors.stepsEmpty} />
      ) : (
        <ol className={classes.steps}>
          {items.map((step, index) => (
            <OneStep key={`${step.at}:${String(index)}`} {...step} />
          ))}
        </ol>
      )}
    </Stack>
  );
}

function OneStep({ at, kind, step, text }: Step) {
  const { steps } = useWords();
  return (
    <li data-testid="step">
      <Text size="xs" c="dimmed">
        <Text span inherit fw={600} c="var(--mantine-color-text)">
          {steps.kinds[kind] ?? kind}
        </Text>{" "}
        · <bdi>{step}</bdi> · <Time at={at} />
      </Text>
      {text && (
        <div className={classes.text} dir="auto">
          {text}
        </div>
      )}
    </li>
  );
}
