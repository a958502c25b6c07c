import { Stack, Text } from "@mantine/core";
import { Once } from "../../ui/Once";
import { Time } from "../../ui/Time";
import { useWords } from "../../words";
import type { NewInvitation } from "./invite";

/** The link, to be handed over: it is shown this once, and nobody else is told of it. */
export function HandOver({ invitation }: { invitation: NewInvitation }) {
  const { users: say } = useWords();
  return (
    <Stack gap="sm">
      <Text>{say.handOver(invitation.name)}</Text>
      <Once label={say.link} value={invitation.link} copy={say.copyLink} warning={say.linkOnce} />
      <Text c="dimmed" size="sm">
        {say.columns.expires}: <Time at={invitation.expires_at} ahead />
      </Text>
    </Stack>
  );
}
