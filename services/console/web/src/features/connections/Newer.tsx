import { Alert, Button, Text } from "@mantine/core";
import { useConnectionWords } from "../../words/connections";
import type { Channel } from "./getConnections";

interface Props {
  channel: Channel;
  /** What somebody else changed: the field, and how it is now. */
  theirs: readonly [field: string, value: string][];
  onTake: () => void;
}

/** Somebody changed the connection while it was edited here: what they made of it, and that nothing typed is lost. */
export function Newer({ channel, theirs, onTake }: Props) {
  const { connections: say } = useConnectionWords();
  const nameOf = (field: string) => (field === "name" ? say.columns.name : field === "becomes" ? say.columns.becomes : (say.fields[channel]?.[field]?.label ?? field));
  const valueOf = (field: string, value: string) =>
    field === "becomes" ? (say.becomes[value as keyof typeof say.becomes] ?? value) : field === "vouches" ? (value === "true" ? say.turnedOn : say.turnedOff) : value;
  return (
    <Alert role="alert" color="yellow" variant="light" title={say.newerTitle} styles={{ label: { color: "var(--mantine-color-text)" }, message: { color: "var(--mantine-color-text)" } }} data-testid="newer">
      <Text size="sm">{say.newer}</Text>
      <ul>
        {theirs.map(([field, value]) => (
          <li key={field}>
            {nameOf(field)}: <bdi>{valueOf(field, value)}</bdi>
          </li>
        ))}
      </ul>
      <Button size="xs" variant="default" onClick={onTake}>
        {say.takeTheirs}
      </Button>
    </Alert>
  );
}
