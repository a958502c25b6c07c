import { IconCircleCheck, IconCircleOff, IconClock, IconClockOff, IconUserOff } from "@tabler/icons-react";
import { StateMark } from "../../ui/StateMark";
import { useWords } from "../../words";
import type { Invitation } from "./getInvitations";

export function ActiveMark({ active }: { active: boolean }) {
  const { users } = useWords();
  return (
    <StateMark icon={active ? IconCircleCheck : IconCircleOff} tone={active ? "good" : undefined}>
      {active ? users.active : users.inactive}
    </StateMark>
  );
}

const ICONS = { pending: IconClock, expired: IconClockOff, void: IconUserOff };

export function InvitationMark({ state }: { state: Invitation["state"] }) {
  const { users } = useWords();
  return (
    <StateMark icon={ICONS[state]} tone={state === "pending" ? undefined : "bad"}>
      {users.states[state] ?? state}
    </StateMark>
  );
}
