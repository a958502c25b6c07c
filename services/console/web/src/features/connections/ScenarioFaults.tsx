import { Loader, Text, UnstyledButton } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconMinus } from "@tabler/icons-react";
import { StateMark } from "../../ui/StateMark";
import { useConnectionWords } from "../../words/connections";
import classes from "./scenario.module.css";
import type { Checked } from "./useScenarioCheck";

/** Whether the scenario can be used; each fault leads to its line. */
export function ScenarioFaults({ id, checked: { state, faults }, onGoTo }: { id: string; checked: Checked; onGoTo: (line: number) => void }) {
  const { scenario: say } = useConnectionWords();
  return (
    <div id={id} data-testid="scenario-faults" data-state={state}>
      <div role="status">
        {state === "checking" ? (
          <Text component="span" c="dimmed">
            <Loader size={14} mr={6} style={{ verticalAlign: "-2px" }} aria-hidden />
            {say.checking}
          </Text>
        ) : state === "good" ? (
          <StateMark icon={IconCircleCheck} tone="good">
            {say.good}
          </StateMark>
        ) : state === "wrong" ? (
          <StateMark icon={IconAlertTriangle} tone="bad">
            {say.faults(faults.length)}
          </StateMark>
        ) : (
          <StateMark icon={IconMinus}>{state === "empty" ? say.empty : say.checkAway}</StateMark>
        )}
      </div>
      {faults.length > 0 && (
        <ul className={classes.faults}>
          {faults.map(({ line, place, message }) => (
            <li key={`${String(line)} ${place ?? ""} ${message}`}>
              <UnstyledButton
                fz="sm"
                onClick={() => {
                  onGoTo(line);
                }}
              >
                <strong>{say.line(line)}</strong>
                {place && ` · ${place}`}: {message}
              </UnstyledButton>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
