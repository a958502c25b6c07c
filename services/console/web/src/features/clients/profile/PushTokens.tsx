import { Group, Text } from "@mantine/core";
import { Cut } from "../../../ui/Cut";
import { Time } from "../../../ui/Time";
import classes from "../clients.module.css";
import type { ClientCard } from "../getClient";
import { Many } from "./Many";

/** What pushes are addressed with, several for one person. */
export function PushTokens({ tokens }: { tokens: ClientCard["push_tokens"] }) {
  return (
    <Many items={tokens} first={3}>
      {({ token, label, at }) => (
        <Group key={token} gap={8} wrap="nowrap" data-testid="push-token">
          <Cut className={classes.token}>{token}</Cut>
          {label && <Cut>{label}</Cut>}
          {at && (
            <Text c="dimmed" size="xs" span flex="none">
              <Time at={at} />
            </Text>
          )}
        </Group>
      )}
    </Many>
  );
}
