import { Group, NativeSelect, SegmentedControl, Text } from "@mantine/core";
import { useState } from "react";
import type { QueueDraft, Span, Texts } from "../../api/queues";
import { languageName } from "../../ui/languages";
import { useSpeech } from "../../words";
import { queueWords, useQueueWords } from "../../words/queues";
import { weekdays } from "./clock";
import { useEditing } from "./Editing";
import classes from "./queues.module.css";

/** The chat as a visitor would see it, of what stands in the form right now. */
export function Preview() {
  const say = useQueueWords();
  const { locale } = useSpeech();
  const { draft, languages } = useEditing();
  const [chosen, setChosen] = useState<string | null>(null);
  const [state, setState] = useState("closed");
  const language = chosen !== null && languages.includes(chosen) ? chosen : (languages[0] ?? "en");
  return (
    <section className={classes.preview} aria-label={say.preview} data-testid="preview">
      <Group p="sm" gap="xs" justify="space-between">
        <Text fw={600}>{say.preview}</Text>
        {languages.length > 1 && (
          <NativeSelect
            size="xs"
            aria-label={say.languages}
            value={language}
            data={languages.map((tag) => ({ value: tag, label: languageName(tag, locale) }))}
            onChange={(event) => {
              setChosen(event.currentTarget.value);
            }}
          />
        )}
        <SegmentedControl
          fullWidth
          w="100%"
          size="xs"
          aria-label={say.preview}
          value={state}
          onChange={setState}
          data={[
            { value: "closed", label: say.previewClosed },
            { value: "open", label: say.previewOpen },
          ]}
        />
      </Group>
      <div className={classes.previewBody} lang={language} tabIndex={0} role="group" aria-label={say.preview}>
        {state === "open" ? <Text size="sm">{say.previewIsOpen}</Text> : <AsClosed draft={draft} language={language} />}
      </div>
    </section>
  );
}

function AsClosed({ draft, language }: { draft: QueueDraft; language: string }) {
  const say = useQueueWords();
  const theirs = (queueWords[language as "en"] ?? queueWords.en).queues;
  const said = (texts: Texts) => texts[language]?.trim() || Object.values(texts).find((text) => text.trim()) || "";
  if (draft.when_closed === "bot") return <Text size="sm">{say.previewBot}</Text>;
  return (
    <>
      <Text size="sm" dir="auto" style={{ whiteSpace: "pre-wrap" }}>
        {said(draft.offline) || theirs.defaultOffline}
      </Text>
      <Week hours={draft.hours} language={language} title={theirs.previewHours} closed={theirs.closed} />
      {draft.other_ways.map((way, at) => (
        <Text size="sm" key={String(at)} dir="auto">
          {said(way.label)}: <bdi>{way.value}</bdi>
        </Text>
      ))}
      {draft.when_closed === "form" && (
        <>
          {said(draft.form.title) && (
            <Text fw={600} dir="auto">
              {said(draft.form.title)}
            </Text>
          )}
          {draft.form.fields.length === 0 && <Text c="dimmed">{say.previewNothing}</Text>}
          {draft.form.fields.map((field) => (
            <div key={field.id} className={classes.question} dir="auto">
              <span>
                {said(field.label) || "…"}
                {field.required && " *"}
              </span>
              {field.kind === "choice" || field.kind === "consent" ? (
                (field.kind === "consent" ? [{ id: "yes", label: field.label }] : field.choices).map((choice) => (
                  <span key={choice.id}>
                    {field.several || field.kind === "consent" ? "☐" : "○"} {field.kind === "consent" ? "" : said(choice.label) || "…"}
                  </span>
                ))
              ) : (
                <span className={classes.answer} data-kind={field.kind} />
              )}
            </div>
          ))}
          <span className={classes.send}>{theirs.previewSend}</span>
          <Text size="xs" c="dimmed" dir="auto">
            {say.previewThanks} {said(draft.form.thanks) || theirs.defaultThanks}
          </Text>
        </>
      )}
    </>
  );
}

function Week({ hours, language, title, closed }: { hours: readonly Span[][]; language: string; title: string; closed: string }) {
  const days = weekdays(language);
  return (
    <dl className={classes.previewHours} aria-label={title}>
      {days.map((day, at) => (
        <div key={day} style={{ display: "contents" }}>
          <dt>{day}</dt>
          <dd>{hours[at]?.map(({ opens, closes }) => `${opens}–${closes}`).join(", ") || closed}</dd>
        </div>
      ))}
    </dl>
  );
}
