import { Radio, Table, Text } from "@mantine/core";
import { useWhoIsWhoWords } from "../../../words/whoiswho";
import type { Choices } from "./mergeClients";
import type { Row } from "./previewMerge";

interface Props {
  rows: readonly Row[];
  /** What was chosen, which the rows may not say yet. */
  choices: Choices;
  /** Of this client, and of the other. */
  names: readonly [string, string];
  onChoose: (field: string, side: "survivor" | "other") => void;
}

/** Field by field what both have; where they differ, one is chosen. */
export function MergeRows({ rows, choices, names, onChoose }: Props) {
  const say = useWhoIsWhoWords();
  return (
    <Table.ScrollContainer minWidth={420}>
      <Table verticalSpacing="xs" aria-label={say.preview}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{say.field}</Table.Th>
            <Table.Th scope="col">{say.thisClient}</Table.Th>
            <Table.Th scope="col">{say.otherClient}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.field} data-testid={`merge-row-${row.field}`}>
              <Table.Th scope="row">{say.fields[row.field] ?? say.additional}</Table.Th>
              {(["survivor", "other"] as const).map((side) => (
                <Table.Td key={side} style={{ maxInlineSize: 220, overflowWrap: "anywhere" }}>
                  <Value row={row} side={side} wins={choices[row.field] ?? row.wins} owner={names[side === "survivor" ? 0 : 1]} onChoose={onChoose} />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Value({ row, side, wins, owner, onChoose }: { row: Row; side: Row["wins"]; wins: Row["wins"]; owner: string; onChoose: Props["onChoose"] }) {
  const say = useWhoIsWhoWords();
  const value = row[side];
  if (value === null) {
    return (
      <Text c="dimmed" size="sm" aria-hidden>
        —
      </Text>
    );
  }
  if (!row.differs) return <bdi>{value}</bdi>;
  return (
    <Radio
      name={`merge-${row.field}`}
      checked={wins === side}
      label={<bdi>{value}</bdi>}
      aria-label={`${say.fields[row.field] ?? say.additional}: ${value} (${owner})`}
      onChange={() => {
        onChoose(row.field, side);
      }}
    />
  );
}
