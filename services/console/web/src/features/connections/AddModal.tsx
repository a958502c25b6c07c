import { Button, Group, Modal, Stack } from "@mantine/core";
import { useState } from "react";
import { Once } from "../../ui/Once";
import { useWords } from "../../words";
import { useConnectionWords } from "../../words/connections";
import type { MadeConnection } from "./addConnection";
import { AddForm } from "./AddForm";
import { CheckButton } from "./CheckButton";
import { Pastes } from "./Pastes";
import { useReadAgain } from "./useConnections";

/** Connects an account; then tells what is left to do at the provider, and the secret, this once. */
export default function AddModal({ onClose }: { onClose: () => void }) {
  const { connections: say } = useConnectionWords();
  const { app } = useWords();
  const readAgain = useReadAgain();
  const [made, setMade] = useState<MadeConnection | null>(null);
  return (
    <Modal
      opened
      onClose={onClose}
      title={made ? say.madeTitle(made.name) : say.addTitle}
      size="lg"
      styles={{ title: { fontWeight: 600 } }}
      closeButtonProps={{ "aria-label": app.close }}
      closeOnClickOutside={made === null}
    >
      {made ? (
        <Stack gap="md">
          <Pastes connection={made} items={made.to_paste} />
          {made.secret && <Once label={say.secret} value={made.secret} copy={say.copySecret} warning={say.secretOnce[made.channel] ?? say.secretOnceElse} />}
          <CheckButton connection={made} />
          <Group justify="flex-end">
            <Button onClick={onClose}>{app.done}</Button>
          </Group>
        </Stack>
      ) : (
        <AddForm
          onCancel={onClose}
          onMade={(connection) => {
            setMade(connection);
            void readAgain();
          }}
        />
      )}
    </Modal>
  );
}
