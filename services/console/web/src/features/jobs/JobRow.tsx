import { Anchor, Button, Group, Progress, Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconClock, IconPlayerStop } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "react-router";
import { cancelJob, isOpen, type Job, JOBS_KEY } from "../../api/jobs";
import { asProblem } from "../../api/problem";
import { explained } from "../../ui/Failure";
import { Refused } from "../../ui/Refused";
import { Time } from "../../ui/Time";
import { numberText } from "../../ui/times";
import { useSpeech } from "../../words";
import { useJobWords } from "../../words/jobs";
import classes from "./jobs.module.css";

const ICONS = { waiting: IconClock, running: IconClock, done: IconCircleCheck, cancelled: IconPlayerStop, failed: IconCircleX };
const FAULTS_SHOWN = 5;

/** One piece of work: what, how far, and what came of it. */
export function JobRow({ job }: { job: Job }) {
  const say = useJobWords();
  const { locale } = useSpeech();
  const number = (count: number) => numberText(count, locale);
  const name = job.label_name ?? "";
  const Icon = ICONS[job.status];
  return (
    <li data-testid="job" data-status={job.status}>
      <Text fw={500} style={{ overflowWrap: "anywhere" }} dir="auto">
        {say.what[job.kind]?.(name, job.into_name ?? "") ?? job.kind}
      </Text>
      <Group gap={6} className={classes.status} wrap="nowrap">
        <Icon size={15} stroke={1.75} aria-hidden />
        <span role="status">{say.status[job.status]}</span>
        {isOpen(job) ? <span>{say.progress(number(job.seen), total(job, number))}</span> : job.ended_at && <Time at={job.ended_at} />}
      </Group>
      {isOpen(job) ? (
        <Group gap="sm" wrap="nowrap" mt={4}>
          <Progress.Root size="sm" style={{ flex: 1 }}>
            <Progress.Section value={share(job)} aria-label={say.what[job.kind]?.(name, job.into_name ?? "")} />
          </Progress.Root>
          {job.may_cancel && <Stop job={job} />}
        </Group>
      ) : (
        <Text size="sm">{(say.results[job.kind] ?? say.result)(number(job.changed), number(job.unchanged))}</Text>
      )}
      {job.reason && <Refused>{say.reasons[job.reason] ?? job.reason}</Refused>}
      {job.faulty > 0 && <Faults job={job} />}
    </li>
  );
}

function Stop({ job }: { job: Job }) {
  const say = useJobWords();
  const { words } = useSpeech();
  const client = useQueryClient();
  const stopping = useMutation({
    mutationFn: () => cancelJob(job.id),
    onSettled: () => client.invalidateQueries({ queryKey: JOBS_KEY }),
  });
  const failed = stopping.error && asProblem(stopping.error);
  return (
    <>
      <Button
        size="compact-xs"
        variant="default"
        loading={stopping.isPending}
        disabled={job.cancelling}
        onClick={() => {
          stopping.mutate();
        }}
      >
        {job.cancelling ? say.stopping : say.cancel}
      </Button>
      {/* What ended in the same moment needs no stopping. */}
      {failed && failed.status !== 409 && <Refused title={say.cancelFailed}>{explained(failed, words).text}</Refused>}
    </>
  );
}

function Faults({ job }: { job: Job }) {
  const say = useJobWords();
  const { locale } = useSpeech();
  return (
    <div className={classes.faults}>
      <Group gap={6} wrap="nowrap">
        <IconAlertTriangle size={15} stroke={1.75} aria-hidden />
        {say.faulty(numberText(job.faulty, locale))}
      </Group>
      <ul>
        {job.faults.slice(0, FAULTS_SHOWN).map(({ client_id: id, reason, survivor_id: survivor }) => (
          <li key={id}>
            <Anchor component={Link} to={`/clients/${survivor ?? id}`} size="sm">
              {id}
            </Anchor>
            : {say.faults[reason]}
          </li>
        ))}
      </ul>
    </div>
  );
}

function total(job: Job, number: (count: number) => string): string {
  return job.total_is_exact ? number(Math.max(job.total, job.seen)) : `${number(Math.max(job.total, job.seen))}+`;
}

function share(job: Job): number {
  return job.total === 0 ? 0 : Math.min(100, (100 * job.seen) / Math.max(job.total, job.seen));
}
