import { TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { JOBS_KEY, startJobs, type Whom } from "../../api/jobs";
import { asProblem } from "../../api/problem";
import { Ask } from "../../ui/Ask";
import { explained } from "../../ui/Failure";
import { Refused } from "../../ui/Refused";
import { numberText } from "../../ui/times";
import { useSpeech } from "../../words";
import { useJobWords } from "../../words/jobs";
import classes from "./actions.module.css";

export type EndAction = "delete" | "blacklist";

interface Props {
  kind: EndAction;
  whom: Whom;
  count: number;
  exact: boolean;
  onStarted: () => void;
  onCancel: () => void;
}

/** Asks before people are deleted, or before nothing is sent to them any more; then it is done in the background. */
export default function EndAsk({ kind, whom, count, exact, onStarted, onCancel }: Props) {
  const { words, locale } = useSpeech();
  const jobs = useJobWords();
  const say = jobs.ends[kind];
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const [lacks, setLacks] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  // One key for as long as the question stands: sent twice, it is done once.
  const [key] = useState(() => crypto.randomUUID());
  const starting = useMutation({
    mutationFn: () => startJobs(kind === "delete" ? { kind } : { kind, reason: reason.trim() }, whom, key),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: JOBS_KEY });
      onStarted();
    },
  });
  const start = () => {
    if (kind === "delete" || reason.trim()) {
      starting.mutate();
      return;
    }
    setLacks(true);
    field.current?.focus();
  };
  const text = numberText(count, locale);
  return (
    <div className={classes.ask}>
      <Ask
        question={say.question(jobs.people(count, exact ? text : words.table.atLeast(text)))}
        text={
          <>
            {say.text}
            {kind === "blacklist" && (
              <TextInput
                ref={field}
                mt="sm"
                maw={480}
                size="xs"
                label={jobs.reason}
                description={jobs.reasonHelp}
                dir="auto"
                autoComplete="off"
                maxLength={500}
                value={reason}
                error={lacks ? jobs.reasonMissing : undefined}
                errorProps={{ role: "alert" }}
                onChange={(event) => {
                  setReason(event.currentTarget.value);
                  setLacks(false);
                }}
              />
            )}
          </>
        }
        count={count}
        confirm={say.confirm}
        loading={starting.isPending}
        onConfirm={start}
        onCancel={onCancel}
      />
      {starting.error && <Refused>{explained(asProblem(starting.error), words).text}</Refused>}
    </div>
  );
}
