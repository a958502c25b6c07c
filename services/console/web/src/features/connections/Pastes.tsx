import { Stack, Text } from "@mantine/core";
import { useConnectionWords } from "../../words/connections";
import { Copyable } from "./Copyable";
import type { Connection } from "./getConnections";
import type { Paste } from "./getToPaste";

/** What is to be copied into the provider's own pages; or that nothing is. */
export function Pastes({ connection: { channel, webhook }, items }: { connection: Connection; items: readonly Paste[] }) {
  const { connections: say } = useConnectionWords();
  return (
    <Stack gap="sm">
      <Text size="sm">{items.length > 0 ? (say.pasteAbout[channel] ?? say.pasteAboutElse) : (say.nothingToPaste[channel] ?? say.nothingToPasteElse)}</Text>
      {items.map(({ label, value }) => (
        <Copyable key={label} label={label} value={value} />
      ))}
      {/* A website's visitors come by themselves: there is no webhook. */}
      {items.length === 0 && webhook && channel !== "widget" && <Copyable label={say.webhook} value={webhook.url} />}
    </Stack>
  );
}
