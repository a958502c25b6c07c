import { Anchor, Button, Skeleton, Stack, Table, Text } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { REQUESTS_KEY } from "../../api/requests";
import { Blank } from "../../ui/Blank";
import { Failure } from "../../ui/Failure";
import { Time } from "../../ui/Time";
import { numberText } from "../../ui/times";
import { useSpeech } from "../../words";
import { useRequestWords } from "../../words/requests";
import { getAnswers, getTotals, type Stretch } from "./api";
import classes from "./statistics.module.css";

interface Props {
  queueId: string;
  stretch: Stretch;
}

/** What was answered: totals of what was chosen, and every form with its contents once somebody asks for them. */
export function Answers(props: Props) {
  const { statistics: say } = useRequestWords();
  const [reads, setReads] = useState(false);
  return (
    <Stack gap="md" data-testid="questionnaire">
      <Totals {...props} />
      <section className={classes.chart} aria-label={say.answers}>
        <h2 className={classes.title}>{say.answers}</h2>
        <Text size="xs" c="dimmed">
          {say.answersHelp}
        </Text>
        {reads ? (
          <Contents {...props} />
        ) : (
          <Button
            mt="xs"
            w="fit-content"
            onClick={() => {
              setReads(true);
            }}
          >
            {say.readAnswers}
          </Button>
        )}
      </section>
    </Stack>
  );
}

function Totals({ queueId, stretch }: Props) {
  const { statistics: say } = useRequestWords();
  const { language, locale } = useSpeech();
  const found = useQuery({
    queryKey: [...REQUESTS_KEY, "totals", queueId, stretch, language],
    queryFn: ({ signal }) => getTotals(queueId, stretch, language, signal),
  });
  return (
    <section className={classes.chart} aria-label={say.totals}>
      <h2 className={classes.title}>{say.totals}</h2>
      <Text size="xs" c="dimmed">
        {say.totalsHelp}
      </Text>
      {found.error ? (
        <Failure error={found.error} retry={() => void found.refetch()} />
      ) : !found.data ? (
        <Skeleton height={80} />
      ) : found.data.fields.length === 0 ? (
        <Text c="dimmed">{say.noChoices}</Text>
      ) : (
        found.data.fields.map(({ field, label, totals }) => (
          <div key={field} className={classes.totals}>
            <Text fw={600} dir="auto">
              {label}
            </Text>
            {totals.map(({ id, label: answer, count }) => (
              <div key={id} className={classes.total}>
                <span dir="auto">{answer}</span>
                <meter min={0} max={Math.max(1, found.data.forms)} value={count} aria-label={answer} />
                <span>{numberText(count, locale)}</span>
              </div>
            ))}
          </div>
        ))
      )}
    </section>
  );
}

function Contents({ queueId, stretch }: Props) {
  const { statistics: say, requests } = useRequestWords();
  const { language } = useSpeech();
  const list = useInfiniteQuery({
    queryKey: [...REQUESTS_KEY, "answers", queueId, stretch, language],
    queryFn: ({ pageParam, signal }) => getAnswers(queueId, stretch, language, pageParam, signal),
    initialPageParam: "",
    getNextPageParam: (last) => last.next_cursor,
    // Contents are kept no longer than they are looked at; each reading is written down.
    gcTime: 0,
    staleTime: Infinity,
  });
  if (list.error && !list.data) return <Failure error={list.error} retry={() => void list.refetch()} />;
  if (!list.data) return <Skeleton height={160} />;
  const columns = new Map(list.data.pages.flatMap(({ columns: asked }) => asked.map((column) => [column.field, column.label] as const)));
  const rows = list.data.pages.flatMap(({ items }) => items);
  if (rows.length === 0) return <Blank title={say.nothingTitle} text={say.nothing} />;
  return (
    <>
      <div className={classes.scroll} tabIndex={0} role="group" aria-label={say.answers}>
        <Table aria-label={say.answers} stickyHeader>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{requests.columns.n}</Table.Th>
              <Table.Th scope="col">{requests.columns.at}</Table.Th>
              {[...columns].map(([field, label]) => (
                <Table.Th key={field} scope="col" dir="auto">
                  {label}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={row.id}>
                <Table.Td>
                  <Anchor component={Link} to={`/queues/log/${row.id}`}>
                    {requests.number(row.n)}
                  </Anchor>
                </Table.Td>
                <Table.Td>
                  <Time at={row.at} />
                </Table.Td>
                {[...columns].map(([field]) => (
                  <Table.Td key={field} dir="auto" className={classes.answer}>
                    {row.answers[field]}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      {list.hasNextPage && (
        <Button variant="default" w="fit-content" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {say.more}
        </Button>
      )}
    </>
  );
}
