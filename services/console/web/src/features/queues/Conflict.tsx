import { Alert, Button, Group, Table, Text } from "@mantine/core";
import type { QueueDraft } from "../../api/queues";
import { useQueueWords } from "../../words/queues";
import { differences } from "./differences";

interface Props {
  mine: QueueDraft;
  theirs: QueueDraft;
  nameOf: (id: string) => string;
  loading: boolean;
  onKeep: () => void;
  onTake: () => void;
}

/** Two people changed one queue: what differs, side by side, and which of the two is to hold. */
export function Conflict({ mine, theirs, nameOf, loading, onKeep, onTake }: Props) {
  const say = useQueueWords();
  return (
    <Alert role="alert" color="yellow" variant="light" title={say.conflictTitle} styles={{ label: { color: "var(--mantine-color-text)" } }} data-testid="conflict">
      <Text size="sm">{say.conflictText}</Text>
      <Table my="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{say.conflictField}</Table.Th>
            <Table.Th>{say.conflictMine}</Table.Th>
            <Table.Th>{say.conflictTheirs}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {differences(mine, theirs, say, nameOf).map(({ what, one, other }) => (
            <Table.Tr key={what}>
              <Table.Th scope="row">{what}</Table.Th>
              <Table.Td dir="auto">{one}</Table.Td>
              <Table.Td dir="auto">{other}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Group gap="xs">
        <Button size="xs" loading={loading} onClick={onKeep}>
          {say.keepMine}
        </Button>
        <Button size="xs" variant="default" onClick={onTake}>
          {say.takeTheirs}
        </Button>
      </Group>
    </Alert>
  );
}
