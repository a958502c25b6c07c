import { Button, Stack, Table, Text } from "@mantine/core";
import { IconCheck, IconFileDownload, IconLoader } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { StateMark } from "../../ui/StateMark";
import { exactTime, numberText } from "../../ui/times";
import { useSpeech } from "../../words";
import { usePrivacyWords } from "../../words/privacy";
import { type Erasure, getErasure, keepAsFile } from "./api";

const LOOK_MS = 1_000;

/** What every service removed, and until when logs may hold something of it. */
export function Certificate({ begun }: { begun: Erasure }) {
  const say = usePrivacyWords();
  const { locale } = useSpeech();
  const { data: one } = useQuery({
    queryKey: ["erasures", begun.id],
    queryFn: ({ signal }) => getErasure(begun.id, signal),
    initialData: begun,
    refetchInterval: ({ state }) => (state.data?.complete ? false : LOOK_MS),
  });
  return (
    <Stack gap="sm" data-testid="certificate" data-complete={one.complete}>
      <Text aria-live="polite">{one.complete ? say.complete : say.onItsWay}</Text>
      <Table aria-label={say.certificate}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{say.where}</Table.Th>
            <Table.Th>{say.state}</Table.Th>
            <Table.Th>{say.removed}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {one.parts.map(({ service, done, removed }) => (
            <Table.Tr key={service}>
              <Table.Td>{say.services[service] ?? service}</Table.Td>
              <Table.Td>
                <StateMark icon={done ? IconCheck : IconLoader} tone={done ? "good" : undefined}>
                  {done ? say.isDone : say.waits}
                </StateMark>
              </Table.Td>
              <Table.Td>
                {Object.entries(removed)
                  .filter(([, count]) => count > 0)
                  .map(([what, count]) => `${numberText(count, locale)} ${what}`)
                  .join(", ") || "—"}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="sm">{say.logs(exactTime(one.logs_empty_after, locale))}</Text>
      <Text size="sm" c="dimmed">
        {say.kept}
      </Text>
      <Button
        variant="default"
        w="fit-content"
        leftSection={<IconFileDownload size={16} aria-hidden />}
        disabled={!one.complete}
        onClick={() => {
          keepAsFile(`${one.id}.json`, one);
        }}
      >
        {say.downloadCertificate}
      </Button>
    </Stack>
  );
}
