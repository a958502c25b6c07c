import { Button, Group, NativeSelect, Stack, Text, TextInput, Title, VisuallyHidden } from "@mantine/core";
import { IconPlayerPlay, IconRefresh, IconSend } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { asProblem } from "../../api/problem";
import { explained } from "../../ui/Failure";
import { Refused } from "../../ui/Refused";
import { LANGUAGES, useWords } from "../../words";
import { useConnectionWords } from "../../words/connections";
import type { Document } from "./checkScenario";
import classes from "./scenario.module.css";
import { type Said, TryAnswers } from "./TryAnswers";
import { type Tried, type Try, tryScenario } from "./tryScenario";

type Line = { who: "you" | "bot" | "note"; text: string };

/** A small chat with the scenario as it stands in the editor. Nothing is sent or kept. */
export function TryOut({ scenario }: { scenario: Document | null }) {
  const words = useWords();
  const { scenario: say } = useConnectionWords();
  const [lines, setLines] = useState<Line[]>([]);
  const [last, setLast] = useState<Tried | null>(null);
  const [details, setDetails] = useState<Tried["details"]>([]);
  const [chosen, setChosen] = useState<string | null>(null);
  const [typed, setTyped] = useState("");
  const languages = languagesOf(scenario);
  const language = chosen !== null && languages.includes(chosen) ? chosen : (languages[0] ?? "en");
  const end = useRef<HTMLLIElement>(null);
  useEffect(() => {
    end.current?.scrollIntoView({ block: "nearest" });
  }, [lines]);
  const turn = useMutation({
    mutationFn: ({ said: _said, ...asked }: Try & { said: string | null }) => tryScenario(asked),
    onSuccess: (tried, { said }) => {
      const replies: Line[] = tried.replies.map(({ text }) => ({ who: "bot", text }));
      const heard: Line[] = replies.length > 0 ? replies : [{ who: "note", text: say.silent }];
      setLines((before) => (said === null ? heard : [...before, { who: "you", text: said }, ...heard]));
      setDetails((before) => (said === null ? tried.details : [...before, ...tried.details]));
      setLast(tried);
    },
  });
  const begin = () => {
    if (scenario) turn.mutate({ scenario, language, said: null });
  };
  const answer = ({ text, input }: Said) => {
    if (scenario && last && !turn.isPending) turn.mutate({ scenario, language, progress: last.progress, input, said: text });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!typed.trim()) return;
    answer({ text: typed, input: { text: typed } });
    setTyped("");
  };

  return (
    <section className={classes.dialog} aria-labelledby="try-out" data-testid="try-out">
      <Stack gap={2}>
        <Title order={2} id="try-out">
          {say.tryOut}
        </Title>
        <Text c="dimmed" size="sm">
          {scenario ? say.tryAbout : say.fixFirst}
        </Text>
      </Stack>
      <Group align="flex-end" gap="xs" wrap="nowrap">
        <NativeSelect
          flex={1}
          label={say.language}
          value={language}
          data={languages}
          onChange={(event) => {
            setChosen(event.currentTarget.value);
          }}
        />
        <Button variant={last ? "default" : "filled"} disabled={!scenario} leftSection={last ? <IconRefresh size={16} aria-hidden /> : <IconPlayerPlay size={16} aria-hidden />} onClick={begin}>
          {last ? say.again : say.begin}
        </Button>
      </Group>
      {last && (
        <>
          <div className={classes.logged} role="log" aria-label={say.log} tabIndex={0}>
          <ul className={classes.log}>
            {lines.map(({ who, text }, index) =>
              who === "note" ? (
                <Text key={index} component="li" c="dimmed" size="sm">
                  {text}
                </Text>
              ) : (
                <li key={index} className={classes.said} data-who={who} dir="auto">
                  <VisuallyHidden>{who === "you" ? say.you : say.bot}: </VisuallyHidden>
                  {text}
                </li>
              ),
            )}
            <li ref={end} aria-hidden />
          </ul>
          </div>
          <TryAnswers replies={last.replies} disabled={!scenario} onSay={answer} />
          <Text c="dimmed" size="sm">
            {last.progress.ended ? say.ended : last.progress.step && say.waitsAt(last.progress.step)}
            {details.length > 0 && ` ${say.given}: ${details.map(({ kind, value }) => `${say.kinds[kind] ?? kind} ${value}`).join(", ")}.`}
          </Text>
          {turn.error && <Refused>{explained(asProblem(turn.error), words).text}</Refused>}
          <form onSubmit={submit}>
            <Group align="flex-end" gap="xs" wrap="nowrap">
              <TextInput
                flex={1}
                label={say.write}
                dir="auto"
                autoComplete="off"
                maxLength={4096}
                value={typed}
                onChange={(event) => {
                  setTyped(event.currentTarget.value);
                }}
              />
              <Button type="submit" disabled={!scenario} leftSection={<IconSend size={16} aria-hidden />}>
                {say.send}
              </Button>
            </Group>
          </form>
        </>
      )}
      {!last && turn.error && <Refused>{explained(asProblem(turn.error), words).text}</Refused>}
    </section>
  );
}

/** The scenario's own languages, and those that Kith speaks. */
function languagesOf(scenario: Document | null): string[] {
  const own = Array.isArray(scenario?.languages) ? scenario.languages.filter((one) => typeof one === "string") : [];
  return [...new Set([...own, ...Object.keys(LANGUAGES)])];
}
