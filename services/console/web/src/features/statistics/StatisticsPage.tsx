import { Button, SegmentedControl, Select, TextInput } from "@mantine/core";
import { IconChartBar, IconDownload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useMemo } from "react";
import { useSearchParams } from "react-router";
import { asProblem } from "../../api/problem";
import { useQueues } from "../../api/queues";
import { Blank } from "../../ui/Blank";
import { explained, Failure } from "../../ui/Failure";
import classes from "../../ui/ListPage.module.css";
import { PageHead } from "../../ui/PageHead";
import { Refused } from "../../ui/Refused";
import { useSpeech } from "../../words";
import { useRequestWords } from "../../words/requests";
import { useSession } from "../session";
import { Answers } from "./Answers";
import { type Csv, downloadCsv } from "./api";
import { Numbers } from "./Numbers";
import own from "./statistics.module.css";

const DAYS = 30;

/** Queues → Statistics: numbers and Questionnaire answers of one queue, in a time that stands in the address. */
export default function StatisticsPage() {
  const { statistics: say, requests } = useRequestWords();
  const { words, language } = useSpeech();
  const { user } = useSession();
  const [params, setParams] = useSearchParams();
  const queues = useQueues();
  const seen = useMemo(() => queues.data?.filter((queue) => user?.role === "admin" || queue.is_member) ?? [], [queues.data, user]);
  const queueId = params.get("queue") ?? seen[0]?.id;
  const from = params.get("from") ?? dayBefore(DAYS - 1);
  const to = params.get("to") ?? dayBefore(0);
  const shown = params.get("show") === "answers" ? "answers" : "numbers";
  const stretch = useMemo(() => ({ from: midnight(from, 0), to: midnight(to, 1) }), [from, to]);
  const keeping = useMutation({ mutationFn: (which: Csv) => downloadCsv(queueId ?? "", which, stretch, language) });
  const set = (name: string, value: string | null) => {
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        if (value) after.set(name, value);
        else after.delete(name);
        return after;
      },
      { replace: true },
    );
  };
  const day = (name: "from" | "to", value: string) => (
    <TextInput
      type="date"
      aria-label={requests[name]}
      value={value}
      max={name === "from" ? to : undefined}
      min={name === "to" ? from : undefined}
      onChange={(event) => {
        set(name, event.currentTarget.value);
      }}
    />
  );

  return (
    <div className={classes.page} style={{ blockSize: "auto" }}>
      <PageHead title={say.title} about={say.about} />
      {queues.error && !queues.data ? (
        <Failure error={queues.error} retry={() => void queues.refetch()} />
      ) : queues.data && !queueId ? (
        <Blank icon={<IconChartBar size={32} stroke={1.5} />} title={say.emptyTitle} text={say.empty} />
      ) : (
        queueId && (
          <>
            <div className={own.bar}>
              <Select
                aria-label={say.queue}
                allowDeselect={false}
                data={seen.map(({ id, name }) => ({ value: id, label: name }))}
                value={queueId}
                onChange={(value) => {
                  set("queue", value);
                }}
              />
              {day("from", from)}
              <span aria-hidden>–</span>
              {day("to", to)}
              <SegmentedControl
                aria-label={say.show}
                value={shown}
                data={[
                  { value: "numbers", label: say.numbers },
                  { value: "answers", label: say.answers },
                ]}
                onChange={(value) => {
                  set("show", value === "answers" ? value : null);
                }}
              />
              <Button
                variant="default"
                leftSection={<IconDownload size={16} aria-hidden />}
                loading={keeping.isPending}
                onClick={() => {
                  keeping.mutate(shown === "answers" ? "answers" : "statistics");
                }}
              >
                {say.csv}
              </Button>
              {shown === "answers" && (
                <Button
                  variant="default"
                  loading={keeping.isPending}
                  onClick={() => {
                    keeping.mutate("answers/totals");
                  }}
                >
                  {say.csv}: {say.totals}
                </Button>
              )}
            </div>
            {keeping.error && <Refused title={say.csvFailed}>{explained(asProblem(keeping.error), words).text}</Refused>}
            {shown === "answers" ? <Answers key={`${queueId}${from}${to}`} queueId={queueId} stretch={stretch} /> : <Numbers queueId={queueId} stretch={stretch} />}
          </>
        )
      )}
    </div>
  );
}

/** A day in the user's own zone, so many before today: `2026-11-22`. */
function dayBefore(count: number): string {
  const now = new Date();
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - count).toLocaleDateString("sv");
}

function midnight(day: string, later: number): string {
  const [year = 1970, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date + later).toISOString();
}
