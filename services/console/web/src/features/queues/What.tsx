import { MultiSelect, NativeSelect, Stack, TextInput } from "@mantine/core";
import { useWords } from "../../words";
import { useQueueWords } from "../../words/queues";
import { useEditing } from "./Editing";
import { secondsText } from "./secondsText";
import { useConnections } from "./useQueue";

/** What the queue is called, and which connections feed it. */
export function What() {
  const say = useQueueWords();
  const { channels } = useWords();
  const { draft, change, wrong } = useEditing();
  const connections = useConnections();
  const known = connections.data ?? [];
  const unknown = draft.connection_ids.filter((id) => !known.some((connection) => connection.id === id));
  const fault = draft.connection_ids.map((_, at) => wrong(`connection_ids.${String(at)}`)).find(Boolean) ?? wrong("connection_ids");
  return (
    <Stack gap="md">
      <TextInput
        name="name"
        label={say.name}
        description={say.nameHelp}
        inputWrapperOrder={["label", "input", "description", "error"]}
        dir="auto"
        maxLength={80}
        autoComplete="off"
        value={draft.name}
        error={wrong("name")}
        onChange={(event) => {
          change({ name: event.currentTarget.value });
        }}
      />
      <MultiSelect
        label={say.connections}
        description={say.connectionsHelp}
        inputWrapperOrder={["label", "input", "description", "error"]}
        searchable
        data={[...known.map(({ id, name, channel }) => ({ value: id, label: `${channels[channel] ?? channel} · ${name}` })), ...unknown.map((id) => ({ value: id, label: id }))]}
        value={draft.connection_ids}
        error={fault}
        onChange={(connection_ids) => {
          change({ connection_ids });
        }}
      />
    </Stack>
  );
}

const AFTER = [15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400];

/** How fast a message that nobody looks at goes on to the next. */
export function Escalation() {
  const say = useQueueWords();
  const { draft, change, wrong } = useEditing();
  const after = draft.escalate_after_seconds;
  const asked = draft.colleagues_asked;
  return (
    <Stack gap="md">
      <NativeSelect
        label={say.escalateAfter}
        description={say.escalateHelp}
        inputWrapperOrder={["label", "input", "description", "error"]}
        error={wrong("escalate_after_seconds")}
        value={String(after)}
        data={[...new Set([...AFTER, after])].sort((a, b) => a - b).map((seconds) => ({ value: String(seconds), label: secondsText(seconds, say) }))}
        onChange={(event) => {
          change({ escalate_after_seconds: Number(event.currentTarget.value) });
        }}
      />
      <NativeSelect
        label={say.colleagues}
        error={wrong("colleagues_asked")}
        value={String(asked)}
        data={[...new Set([0, 1, 2, 3, 4, 5, asked])].sort((a, b) => a - b).map(String)}
        onChange={(event) => {
          change({ colleagues_asked: Number(event.currentTarget.value) });
        }}
      />
    </Stack>
  );
}
