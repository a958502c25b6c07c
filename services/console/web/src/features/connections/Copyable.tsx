import { Group, TextInput } from "@mantine/core";
import { CopyButton } from "../../ui/CopyButton";
import { useWords } from "../../words";
import { useConnectionWords } from "../../words/connections";

/** Something to be copied into another page, whole. */
export function Copyable({ label, value }: { label: string; value: string }) {
  const { connections: say } = useConnectionWords();
  const { app } = useWords();
  return (
    <Group align="flex-end" gap="xs" wrap="nowrap" role="group" aria-label={say.toCopy(label)}>
      <TextInput
        flex={1}
        label={label}
        value={value}
        readOnly
        dir="ltr"
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
        onFocus={(event) => {
          event.currentTarget.select();
        }}
      />
      <CopyButton text={value} label={app.copy} size="sm" />
    </Group>
  );
}
