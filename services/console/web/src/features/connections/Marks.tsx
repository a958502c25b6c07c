import { IconAlertTriangle, IconCircleCheck, IconMinus, IconRoute } from "@tabler/icons-react";
import { StateMark } from "../../ui/StateMark";
import { useConnectionWords } from "../../words/connections";
import type { Connection } from "./getConnections";

/** Whether what people write arrives. */
export function ArrivesMark({ enabled, webhook }: Connection) {
  const { connections: say } = useConnectionWords();
  if (!enabled) return <StateMark icon={IconMinus}>{say.arrives.off}</StateMark>;
  if (!webhook) return <StateMark icon={IconCircleCheck}>{say.arrives.direct}</StateMark>; // its channel has none
  return (
    <StateMark icon={webhook.ok ? IconCircleCheck : IconAlertTriangle} tone={webhook.ok ? "good" : "bad"}>
      {webhook.ok ? say.arrives.ok : say.arrives.wrong}
    </StateMark>
  );
}

export function ScenarioMark({ scenario }: Connection) {
  const { connections: say } = useConnectionWords();
  return <StateMark icon={scenario ? IconRoute : IconMinus}>{scenario ? say.hasScenario : say.noScenario}</StateMark>;
}
