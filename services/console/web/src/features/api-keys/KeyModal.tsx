import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { Once } from "../../ui/Once";
import { useWords } from "../../words";
import { KeyForm } from "./KeyForm";
import type { NewKey } from "./makeApiKey";
import { useReadAgain } from "./useKeys";

/** Asks what a key is for and what it may do; then shows it, this once. */
export default function KeyModal({ onClose }: { onClose: () => void }) {
  const { apiKeys: say, app } = useWords();
  const readAgain = useReadAgain();
  const [made, setMade] = useState<NewKey | null>(null);
  return (
    <Modal
      opened
      onClose={onClose}
      title={made ? say.madeTitle : say.makeTitle}
      size="lg"
      styles={{ title: { fontWeight: 600 } }}
      closeButtonProps={{ "aria-label": app.close }}
      closeOnClickOutside={made === null}
    >
      {made ? (
        <Stack gap="md">
          <Once label={say.key} value={made.key} copy={say.copyKey} warning={say.keyOnce} />
          <Text c="dimmed" size="sm">
            {say.howToUse}
          </Text>
          <Group justify="flex-end">
            <Button onClick={onClose}>{app.done}</Button>
          </Group>
        </Stack>
      ) : (
        <KeyForm
          onCancel={onClose}
          onMade={(key) => {
            setMade(key);
            void readAgain();
          }}
        />
      )}
    </Modal>
  );
}
