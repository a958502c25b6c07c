import { Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";
import { asProblem } from "../../api/problem";
import { Blank } from "../../ui/Blank";
import { Side } from "../../ui/Side";
import { Time } from "../../ui/Time";
import { useWords } from "../../words";
import { useLiveChange } from "../live";
import { getSteps, type Step, type Steps } from "./getSteps";
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

/** The conversation's own service may hear of a newcomer a moment later than the list does. */
function noneYet(error: unknown): Steps {
  if (asProblem(error).status === 404) return { items: [], scenario: null };
  throw error;
}

function AllSteps({ items, scenario }: Steps) {
  const { visitors } = useWords();
  return (
    <Stack gap="lg">
      {scenario && (
        <Text c="dimmed">
          {visitors.scenario}: <bdi>{scenario.name}</bdi> · {visitors.state}: <bdi>{scenario.state}</bdi>
        </Text>
      )}
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

function OneStep({ at, kind, step, text, outcome }: Step) {
  const { steps } = useWords();
  const about = [step, outcome && (steps.outcomes[outcome] ?? outcome)].filter(Boolean).join(" · ");
  return (
    <li data-testid="step">
      <Text size="xs" c="dimmed">
        <Text span inherit fw={600} c="var(--mantine-color-text)">
          {steps.kinds[kind] ?? kind}
        </Text>
        {about && ` · ${about}`} · <Time at={at} />
      </Text>
      {text && (
        <div className={classes.text} dir="auto">
          {text}
        </div>
      )}
    </li>
  );
}
