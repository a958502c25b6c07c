import { Skeleton, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { REQUESTS_KEY } from "../../api/requests";
import { Blank } from "../../ui/Blank";
import { Failure } from "../../ui/Failure";
import { numberText } from "../../ui/times";
import { useSpeech } from "../../words";
import { useRequestWords } from "../../words/requests";
import { getStatistics, type Statistics, type Stretch, type Wait } from "./api";
import { BarChart } from "./BarChart";
import { lengthText } from "./lengths";
import classes from "./statistics.module.css";

/** How many messages there were, when, how long they waited, and who did what. */
export function Numbers({ queueId, stretch }: { queueId: string; stretch: Stretch }) {
  const { statistics: say } = useRequestWords();
  const found = useQuery({
    queryKey: [...REQUESTS_KEY, "statistics", queueId, stretch],
    queryFn: ({ signal }) => getStatistics(queueId, stretch, signal),
  });
  if (found.error && !found.data) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Skeleton height={320} />;
  if (found.data.forms === 0) return <Blank title={say.nothingTitle} text={say.nothing} />;
  return <Shown found={found.data} />;
}

function Shown({ found }: { found: Statistics }) {
  const { statistics: say } = useRequestWords();
  const { locale } = useSpeech();
  const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", timeZone: "UTC" });
  return (
    <Stack gap="md" data-testid="statistics">
      <Text size="lg" fw={600}>
        {say.total(found.forms, numberText(found.forms, locale))}
      </Text>
      <div className={classes.charts}>
        <BarChart title={say.byDay} of={say.columns.day} bars={found.forms_by_day.map(({ day: at, forms }) => ({ label: day.format(new Date(`${at}T00:00:00Z`)), count: forms }))} />
        <BarChart title={say.byHour} of={say.columns.hour} bars={found.forms_by_hour.map(({ hour, forms }) => ({ label: `${String(hour).padStart(2, "0")}:00`, count: forms }))} />
      </div>
      <section className={classes.chart} aria-label={say.times}>
        <h2 className={classes.title}>{say.times}</h2>
        <Text size="xs" c="dimmed">
          {say.timesHelp}
        </Text>
        <Table aria-label={say.times}>
          <Table.Thead>
            <Table.Tr>
              {[say.columns.what, say.columns.p50, say.columns.p90, say.columns.count].map((title) => (
                <Table.Th key={title} scope="col">
                  {title}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            <WaitRow name={say.toView} wait={found.time_to_view} />
            <WaitRow name={say.toTake} wait={found.time_to_take} />
            <WaitRow name={say.toDone} wait={found.time_to_done} />
          </Table.Tbody>
        </Table>
      </section>
      {found.by_agent.length > 0 && (
        <section className={classes.chart} aria-label={say.byAgent}>
          <h2 className={classes.title}>{say.byAgent}</h2>
          <Table aria-label={say.byAgent}>
            <Table.Thead>
              <Table.Tr>
                {[say.columns.agent, say.columns.taken, say.columns.done, say.columns.p50, say.columns.p90].map((title) => (
                  <Table.Th key={title} scope="col">
                    {title}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {found.by_agent.map(({ user, taken, time_to_done: wait }) => (
                <Table.Tr key={user.id}>
                  <Table.Th scope="row" fw={400}>
                    <bdi>{user.name ?? user.id}</bdi>
                  </Table.Th>
                  <Table.Td>{numberText(taken, locale)}</Table.Td>
                  <Table.Td>{numberText(wait.count, locale)}</Table.Td>
                  <Length seconds={wait.p50} />
                  <Length seconds={wait.p90} />
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </section>
      )}
    </Stack>
  );
}

function WaitRow({ name, wait }: { name: string; wait: Wait }) {
  const { locale } = useSpeech();
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400}>
        {name}
      </Table.Th>
      <Length seconds={wait.p50} />
      <Length seconds={wait.p90} />
      <Table.Td>{numberText(wait.count, locale)}</Table.Td>
    </Table.Tr>
  );
}

function Length({ seconds }: { seconds: number | null }) {
  const { statistics: say } = useRequestWords();
  const { locale } = useSpeech();
  return <Table.Td c={seconds === null ? "dimmed" : undefined}>{seconds === null ? say.never : lengthText(seconds, locale)}</Table.Td>;
}
