import { Radio, Stack } from "@mantine/core";
import { useConnectionWords } from "../../words/connections";
import type { BecomesClient } from "./getConnections";

const WHEN = ["on_contact", "on_first_message"] as const;

/** When somebody who writes becomes a client. */
export function BecomesChoice({ value, onChange }: { value: BecomesClient; onChange: (when: BecomesClient) => void }) {
  const { connections: say } = useConnectionWords();
  return (
    <Radio.Group
      label={say.columns.becomes}
      value={value}
      onChange={(when) => {
        onChange(when as BecomesClient);
      }}
    >
      <Stack gap="xs" mt={4}>
        {WHEN.map((when) => (
          <Radio key={when} value={when} label={say.becomes[when]} description={say.becomesMeans[when]} />
        ))}
      </Stack>
    </Radio.Group>
  );
}
