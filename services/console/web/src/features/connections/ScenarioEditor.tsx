import { Alert, Button, Group } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useId, useRef, useState } from "react";
import { asProblem } from "../../api/problem";
import { Ask } from "../../ui/Ask";
import { explained } from "../../ui/Failure";
import { Refused } from "../../ui/Refused";
import { useLeaving } from "../../ui/useLeaving";
import { useWords } from "../../words";
import { useConnectionWords } from "../../words/connections";
import { changeConnection } from "./changeConnection";
import example from "./example.json";
import type { Connection } from "./getConnections";
import classes from "./scenario.module.css";
import { ScenarioFaults } from "./ScenarioFaults";
import { ScenarioText } from "./ScenarioText";
import { TryOut } from "./TryOut";
import { useReadAgain } from "./useConnections";
import { useScenarioCheck } from "./useScenarioCheck";

export function ScenarioEditor({ connection }: { connection: Connection }) {
  const words = useWords();
  const { scenario: say } = useConnectionWords();
  const readAgain = useReadAgain();
  const area = useRef<HTMLTextAreaElement>(null);
  const faultsId = useId();
  const [kept, setKept] = useState(() => textOf(connection.scenario));
  const [text, setText] = useState(kept);
  const checked = useScenarioCheck(text);
  const changed = text !== kept;
  const leaving = useLeaving(changed);
  const saving = useMutation({
    mutationFn: ({ document }: { document: Record<string, unknown>; text: string }) => changeConnection(connection.id, { scenario: document }),
    onSuccess: async (_saved, { text: saved }) => {
      setKept(saved);
      await readAgain();
    },
  });
  const type = (typed: string) => {
    setText(typed);
    saving.reset();
  };

  return (
    <div className={classes.sides}>
      <div className={classes.writing}>
        <ScenarioText text={text} faults={checked.faults} describedBy={faultsId} area={area} onChange={type} />
        <ScenarioFaults id={faultsId} checked={checked} onGoTo={(line) => {
          goTo(area.current, line);
        }} />
        {leaving.asked && <Ask question={say.leaveAsk} text={say.leaveMeans} confirm={say.leave} loading={false} onConfirm={leaving.leave} onCancel={leaving.stay} />}
        {saving.error && <Refused title={say.notSaved}>{explained(asProblem(saving.error), words).text}</Refused>}
        {saving.isSuccess && !changed && (
          <Alert role="status" color="teal" variant="light" icon={<IconCircleCheck size={18} aria-hidden />} styles={{ message: { color: "var(--mantine-color-text)" } }}>
            {checked.state === "empty" ? say.removed : say.saved}
          </Alert>
        )}
        <Group gap="xs">
          <Button
            disabled={!changed || checked.state === "wrong"}
            loading={saving.isPending}
            onClick={() => {
              saving.mutate({ document: checked.document ?? {}, text });
            }}
          >
            {checked.state === "empty" ? say.remove : say.save}
          </Button>
          <Button
            variant="default"
            disabled={!changed}
            onClick={() => {
              type(kept);
            }}
          >
            {say.undo}
          </Button>
          {checked.state === "empty" && (
            <Button
              variant="subtle"
              onClick={() => {
                type(textOf(example));
                area.current?.focus();
              }}
            >
              {say.example}
            </Button>
          )}
        </Group>
      </div>
      <TryOut scenario={checked.state === "good" ? checked.document : null} />
    </div>
  );
}

function textOf(scenario: object | null): string {
  return scenario ? JSON.stringify(scenario, null, 2) : "";
}

/** Puts the caret on a line, which brings it into view. */
function goTo(area: HTMLTextAreaElement | null, line: number): void {
  if (!area) return;
  const before = area.value.split("\n").slice(0, line - 1).join("\n").length;
  const start = line === 1 ? 0 : before + 1;
  const end = area.value.indexOf("\n", start);
  area.focus();
  area.setSelectionRange(start, end === -1 ? area.value.length : end);
  area.closest(`.${classes.editor ?? ""}`)?.scrollTo({ top: Math.max(0, (line - 5) * 20) });
}
