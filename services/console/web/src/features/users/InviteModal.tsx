import { Button, Group, Modal, Stack } from "@mantine/core";
import { useState } from "react";
import { useWords } from "../../words";
import { HandOver } from "./HandOver";
import type { NewInvitation } from "./invite";
import { InviteForm } from "./InviteForm";
import { useReadAgain } from "./useLists";

/** Asks whom to invite as what; then shows the link. */
export default function InviteModal({ onClose }: { onClose: () => void }) {
  const { users: say, app } = useWords();
  const readAgain = useReadAgain();
  const [made, setMade] = useState<NewInvitation | null>(null);
  return (
    <Modal
      opened
      onClose={onClose}
      title={say.inviteTitle}
      size="lg"
      styles={{ title: { fontWeight: 600 } }}
      closeButtonProps={{ "aria-label": app.close }}
      closeOnClickOutside={made === null}
    >
      {made ? (
        <Stack gap="md">
          <HandOver invitation={made} />
          <Group justify="flex-end">
            <Button onClick={onClose}>{app.done}</Button>
          </Group>
        </Stack>
      ) : (
        <InviteForm
          onCancel={onClose}
          onMade={(invitation) => {
            setMade(invitation);
            void readAgain();
          }}
        />
      )}
    </Modal>
  );
}
