import { Alert, Button, Group, Paper, PasswordInput, Stack, TextInput, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { Navigate, useSearchParams } from "react-router";
import { asProblem, type Problem } from "../../api/problem";
import { signIn } from "../../api/session";
import { explained } from "../../ui/Failure";
import { Logo } from "../../ui/Logo";
import { useWords, type Words } from "../../words";
import { LanguageSelect } from "./LanguageSelect";
import { nextPath } from "./next";
import classes from "./SignInPage.module.css";
import { useSession } from "./useSession";

interface Entry {
  email: string;
  password: string;
}

export default function SignInPage() {
  const words = useWords();
  const { session: say } = words;
  const session = useSession();
  const [params] = useSearchParams();
  const [entry, setEntry] = useState<Entry>({ email: "", password: "" });
  const [missing, setMissing] = useState<Partial<Entry>>({});
  const form = useRef<HTMLFormElement>(null);
  const attempt = useMutation({ mutationFn: ({ email, password }: Entry) => signIn(email.trim(), password) });

  useEffect(() => {
    document.title = say.title;
  }, [say.title]);

  if (session.state === "signed-in") return <Navigate to={nextPath(params.get("next"))} replace />;

  const problem = attempt.error ? asProblem(attempt.error) : null;
  const wrong = { ...(problem && fieldErrors(problem)), ...missing };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const lacks = lacking(entry, words);
    setMissing(lacks);
    if (lacks.email ?? lacks.password) form.current?.querySelector<HTMLElement>(`[name="${lacks.email ? "email" : "password"}"]`)?.focus();
    else attempt.mutate(entry);
  };
  const type = (field: keyof Entry, value: string) => {
    setEntry((before) => ({ ...before, [field]: value }));
    setMissing((before) => ({ ...before, [field]: undefined }));
  };

  return (
    <main className={classes.page}>
      <Paper component="form" ref={form} className={classes.card} onSubmit={submit} noValidate aria-labelledby="sign-in-title">
        <Stack gap="md">
          <Group gap="sm">
            <Logo size={32} />
            <Title order={1} id="sign-in-title">
              {say.title}
            </Title>
          </Group>
          {session.state === "signed-out" && session.expired && !problem && <Alert color="gray">{say.ended}</Alert>}
          {problem && !wrong.email && !wrong.password && (
            <Alert color="red" variant="light" role="alert" classNames={{ message: classes.message ?? "" }}>
              {refusal(problem, words)}
            </Alert>
          )}
          <TextInput
            label={say.email}
            name="email"
            type="email"
            autoComplete="username"
            autoFocus
            required
            withAsterisk={false}
            value={entry.email}
            error={wrong.email}
            onChange={(event) => {
              type("email", event.currentTarget.value);
            }}
          />
          <PasswordInput
            label={say.password}
            name="password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={entry.password}
            error={wrong.password}
            onChange={(event) => {
              type("password", event.currentTarget.value);
            }}
          />
          <Button type="submit" loading={attempt.isPending} fullWidth mt="xs">
            {say.signIn}
          </Button>
        </Stack>
      </Paper>
      <LanguageSelect />
    </main>
  );
}

function lacking({ email, password }: Entry, { session }: Words): Partial<Entry> {
  const lacks: Partial<Entry> = {};
  if (!email.trim()) lacks.email = session.emailMissing;
  else if (!/^\S+@\S+$/.test(email.trim())) lacks.email = session.emailWrong;
  if (!password) lacks.password = session.passwordMissing;
  return lacks;
}

function fieldErrors(problem: Problem): Partial<Entry> {
  const found: Partial<Entry> = {};
  for (const { field, message } of problem.fields) {
    if (field.endsWith("email")) found.email = message;
    if (field.endsWith("password")) found.password = message;
  }
  return found;
}

function refusal(problem: Problem, words: Words): string {
  if (problem.status === 401) return words.session.wrong;
  if (problem.status === 429) return problem.detail ?? words.session.tooMany;
  return explained(problem, words).text;
}
