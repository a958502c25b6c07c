import { Button, Group, Stack, Text } from "@mantine/core";
import { IconLink, IconTrash } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { asProblem } from "../../api/problem";
import { Ask } from "../../ui/Ask";
import { Facts } from "../../ui/Facts";
import { explained } from "../../ui/Failure";
import { Refused } from "../../ui/Refused";
import { Side } from "../../ui/Side";
import { Time } from "../../ui/Time";
import { useWords } from "../../words";
import type { Invitation } from "./getInvitations";
import { HandOver } from "./HandOver";
import { InvitationMark } from "./Marks";
import { renewInvitation } from "./renewInvitation";
import { revokeInvitation } from "./revokeInvitation";
import { useReadAgain } from "./useLists";

/** An open invitation: another link for it, or its end. */
export function InvitationCard({ invitation, onClose }: { invitation: Invitation; onClose: () => void }) {
  const words = useWords();
  const { users: say, session } = words;
  const readAgain = useReadAgain();
  const [asking, setAsking] = useState(false);
  const renewal = useMutation({ mutationFn: () => renewInvitation(invitation.id), onSettled: readAgain });
  const revoking = useMutation({
    mutationFn: () => revokeInvitation(invitation.id),
    onSettled: () => {
      setAsking(false);
      return readAgain();
    },
  });
  const error = renewal.error ?? revoking.error;
  return (
    <Side rowId={invitation.id} title={<bdi>{invitation.name}</bdi>} onClose={onClose}>
      <Stack gap="lg" data-testid="invitation-card">
        <Facts
          facts={[
            [say.columns.email, invitation.email],
            [say.columns.role, session.roles[invitation.role] ?? invitation.role],
            [say.columns.state, <InvitationMark key="state" state={invitation.state} />],
            [say.columns.invitedBy, invitation.invited_by ?? say.nobodyAnyMore],
            [say.columns.expires, <Time key="expires" at={invitation.expires_at} ahead />],
          ]}
        />
        {renewal.data ? <HandOver invitation={renewal.data} /> : <Text c="dimmed">{invitation.state === "void" ? say.voidHelp : say.linkGone}</Text>}
        {asking ? (
          <Ask
            question={say.revokeQuestion}
            text={say.revokeText}
            confirm={say.revoke}
            loading={revoking.isPending}
            onConfirm={() => {
              revoking.mutate();
            }}
            onCancel={() => {
              setAsking(false);
            }}
          />
        ) : (
          <Group gap="xs">
            <Button
              variant="default"
              leftSection={<IconLink size={16} aria-hidden />}
              loading={renewal.isPending}
              onClick={() => {
                renewal.mutate();
              }}
            >
              {say.newLink}
            </Button>
            <Button
              variant="default"
              leftSection={<IconTrash size={16} aria-hidden />}
              onClick={() => {
                setAsking(true);
              }}
            >
              {say.revoke}
            </Button>
          </Group>
        )}
        {error && <Refused>{explained(asProblem(error), words).text}</Refused>}
      </Stack>
    </Side>
  );
}
