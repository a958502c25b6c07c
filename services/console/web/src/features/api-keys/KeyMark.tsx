import { IconCircleCheck, IconCircleOff } from "@tabler/icons-react";
import { StateMark } from "../../ui/StateMark";
import { useWords } from "../../words";

export function KeyMark({ active }: { active: boolean }) {
  const { apiKeys } = useWords();
  return (
    <StateMark icon={active ? IconCircleCheck : IconCircleOff} tone={active ? "good" : undefined}>
      {active ? apiKeys.active : apiKeys.revoked}
    </StateMark>
  );
}
