import { Alert, Button, Group, Skeleton, Table, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { asProblem } from "../../api/problem";
import { explained, Failure } from "../../ui/Failure";
import { numberText } from "../../ui/times";
import { useSpeech, useWords } from "../../words";
import { useImportWords } from "../../words/imports";
import { downloadFaults, getFaults, type Import, IMPORTS_KEY } from "./api";
import classes from "./imports.module.css";

const AT_ONCE = 50;

/** What is wrong, row by row, and what to do about it. */
export function Faults({ one }: { one: Import }) {
  const say = useImportWords();
  const words = useWords();
  const { locale } = useSpeech();
  const found = useInfiniteQuery({
    queryKey: [...IMPORTS_KEY, "faults", one.id],
    queryFn: ({ pageParam, signal }) => getFaults(one.id, { limit: AT_ONCE, ...(pageParam && { cursor: pageParam }) }, signal),
    initialPageParam: "",
    getNextPageParam: (last) => last.next_cursor,
  });
  const download = useMutation({ mutationFn: () => downloadFaults(one.id) });
  const rows = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section className={classes.card} aria-label={say.faultsTitle}>
      <Group justify="space-between" align="flex-start" mb="sm">
        <div>
          <h2 className={classes.title}>{say.faultsTitle}</h2>
          <Text size="sm" c="dimmed">
            {say.faultsAbout(numberText(one.counts.faults, locale))}
          </Text>
        </div>
        <Button
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          loading={download.isPending}
          onClick={() => {
            download.mutate();
          }}
        >
          {say.downloadFaults}
        </Button>
      </Group>
      {download.error && (
        <Alert role="alert" color="red" variant="light" mb="sm">
          {explained(asProblem(download.error), words).text}
        </Alert>
      )}
      {found.error && rows.length === 0 ? (
        <Failure error={found.error} retry={() => void found.refetch()} />
      ) : !found.data ? (
        <Skeleton height={120} />
      ) : (
        <Table.ScrollContainer minWidth={520}>
          <Table aria-label={say.faultsTitle}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th w={80}>{say.row}</Table.Th>
                <Table.Th w={180}>{say.column}</Table.Th>
                <Table.Th>{say.wrong}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((fault, at) => (
                <Table.Tr key={`${String(fault.row)}/${String(at)}`}>
                  <Table.Td className={classes.number}>{numberText(fault.row, locale)}</Table.Td>
                  <Table.Td dir="auto">{fault.column ?? "—"}</Table.Td>
                  <Table.Td>{fault.message}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {found.hasNextPage && (
        <Button variant="subtle" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {say.more}
        </Button>
      )}
    </section>
  );
}
