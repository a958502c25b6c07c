import { Button, Stack, Title } from "@mantine/core";
import { IconAlertCircle, IconCircleCheck } from "@tabler/icons-react";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { asProblem } from "../../api/problem";
import type { Queue, QueueDraft } from "../../api/queues";
import { Ask } from "../../ui/Ask";
import { explained } from "../../ui/Failure";
import { Refused } from "../../ui/Refused";
import { StateMark } from "../../ui/StateMark";
import { useSpeech } from "../../words";
import { useQueueWords } from "../../words/queues";
import { Closed } from "./Closed";
import { Conflict } from "./Conflict";
import { draftOf, languagesOf, newDraft } from "./draft";
import { EditingContext } from "./Editing";
import { FormBuilder } from "./FormBuilder";
import { Hours } from "./Hours";
import { LanguagesBar } from "./LanguagesBar";
import { Members } from "./Members";
import { OverrideSwitch } from "./OverrideSwitch";
import { Preview } from "./Preview";
import classes from "./queues.module.css";
import { HostedPage } from "./QueueSummary";
import { useSaving } from "./useSaving";
import { useConnections, usePeople } from "./useQueue";
import { Escalation, What } from "./What";

/** Everything that is set of a queue, in one form with one Save; by its side what visitors will see of it. */
export function QueueEditor({ queue }: { queue: Queue | null }) {
  const say = useQueueWords();
  const { words, language } = useSpeech();
  const go = useNavigate();
  const form = useRef<HTMLFormElement>(null);
  const [draft, setDraft] = useState<QueueDraft>(() => (queue ? draftOf(queue) : newDraft(language)));
  const [languages, setLanguages] = useState(() => ensured(languagesOf(draft), language));
  const [edited, setEdited] = useState<ReadonlySet<string>>(new Set());
  const [deleting, setDeleting] = useState(false);
  const nameOf = useNames();
  const saving = useSaving(queue, {
    onSaved: (saved) => {
      setEdited(new Set());
      if (!queue) void go(`/queues/hours/${saved.id}`, { replace: true });
    },
    onRefused: () => {
      setEdited(new Set());
    },
  });
  const { refusal } = saving;
  useEffect(() => {
    if (refusal) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [refusal]);
  const dirty = edited.size > 0;
  const change = (part: Partial<QueueDraft>) => {
    setDraft((before) => ({ ...before, ...part }));
    setEdited((before) => new Set([...before, ...Object.keys(part)]));
    saving.touched();
  };
  // A fault holds until what it is about is changed.
  const wrong = (place: string) => (edited.has(place.split(".")[0] ?? "") ? undefined : saving.problem?.fields.find(({ field }) => field === place)?.message);
  const save = (event: FormEvent) => {
    event.preventDefault();
    saving.save(draft, languages);
  };

  return (
    <EditingContext value={{ draft, change, wrong, languages }}>
      <form ref={form} onSubmit={save} noValidate aria-label={queue?.name ?? say.addTitle} className={classes.editor}>
        <div className={classes.sections}>
          {queue && <OverrideSwitch key={queue.override?.until ?? ""} queue={queue} />}
          <Section title={say.sections.what}>
            <Stack gap="md">
              <What />
              <Members />
            </Stack>
          </Section>
          <Section title={say.languages}>
            <LanguagesBar
              onChange={(wanted) => {
                setLanguages(wanted);
                change({ form: draft.form });
              }}
            />
          </Section>
          <Section title={say.sections.hours}>
            <Hours />
          </Section>
          <Section title={say.sections.closed}>
            <Closed />
          </Section>
          <Section title={say.sections.form}>
            <FormBuilder />
          </Section>
          <Section title={say.sections.escalation}>
            <Escalation />
          </Section>
          <div className={classes.save}>
            {saving.newer && (
              <Conflict
                mine={draft}
                theirs={draftOf(saving.newer)}
                nameOf={nameOf}
                loading={saving.pending}
                onKeep={() => {
                  saving.save(draft, languages, saving.newer?.rev);
                }}
                onTake={() => {
                  if (!saving.newer) return;
                  const theirs = draftOf(saving.newer);
                  setDraft(theirs);
                  setLanguages(ensured(languagesOf(theirs), language));
                  setEdited(new Set());
                  saving.taken();
                }}
              />
            )}
            {saving.problem && !saving.newer && !dirty && <Refused title={say.notSaved}>{explained(saving.problem, words).text}</Refused>}
            <Button type="submit" loading={saving.pending}>
              {queue ? say.save : say.create}
            </Button>
            <span role="status">
              {saving.saved && !dirty && (
                <StateMark icon={IconCircleCheck} tone="good">
                  {say.saved}
                </StateMark>
              )}
              {dirty && <StateMark icon={IconAlertCircle}>{say.unsaved}</StateMark>}
            </span>
            {queue && (
              <Button
                ms="auto"
                variant="subtle"
                color="red"
                onClick={() => {
                  setDeleting(true);
                }}
              >
                {say.remove}
              </Button>
            )}
            {deleting && (
              <Ask
                question={say.removeQuestion}
                text={say.removeText}
                confirm={say.remove}
                loading={saving.removing}
                onConfirm={saving.remove}
                onCancel={() => {
                  setDeleting(false);
                }}
              />
            )}
            {saving.removeError && <Refused>{explained(asProblem(saving.removeError), words).text}</Refused>}
          </div>
        </div>
        <div className={classes.aside}>
          {queue && <HostedPage address={queue.form_url} />}
          <Preview />
        </div>
      </form>
    </EditingContext>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes.section} aria-label={title}>
      <Title order={2} mb="sm">
        {title}
      </Title>
      {children}
    </section>
  );
}

function ensured(languages: string[], own: string): string[] {
  return languages.length > 0 ? languages : [own];
}

/** People and connections by name. */
function useNames(): (id: string) => string {
  const people = usePeople();
  const connections = useConnections();
  return (id) => [...(people.data ?? []), ...(connections.data ?? [])].find((one) => one.id === id)?.name ?? id;
}
