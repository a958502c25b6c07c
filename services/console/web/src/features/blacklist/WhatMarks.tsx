import { Group } from "@mantine/core";
import { IconAlertOctagon, IconBan, IconMailOff } from "@tabler/icons-react";
import { StateMark } from "../../ui/StateMark";
import { useBlacklistWords } from "../../words/blacklist";
import type { Refusal } from "./getRefusals";

const ICONS = { blacklisted: IconBan, spam: IconAlertOctagon, unsubscribed: IconMailOff };

/** Why nothing is sent, each with an icon and a word. */
export function WhatMarks({ refusal }: { refusal: Refusal }) {
  const say = useBlacklistWords();
  return (
    <Group gap="xs" wrap="nowrap">
      {refusal.refusals.map(({ what }) => (
        <StateMark key={what} icon={ICONS[what]}>
          {say.whats[what] ?? what}
        </StateMark>
      ))}
    </Group>
  );
}
