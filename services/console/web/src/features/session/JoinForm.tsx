import { Alert, Button, Group, List, Paper, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { asProblem, type Problem } from "../../api/problem";
import { acceptInvitation, type Opened } from "../../api/session";
import { explained } from "../../ui/Failure";
import { Logo } from "../../ui/Logo";
import { Time } from "../../ui/Time";
import { useWords } from "../../words";
import { FEWEST_DIFFERENT, SHORTEST, wrongWith } from "./passwordRules";
import classes from "./SignInPage.module.css";

interface Props {
  token: string;
  invitation: Opened;
  /** The link turned out to be used, revoked or expired meanwhile. */
  onOver: (problem: Problem) => void;
}

/** Who invites to what, and the password that one chooses. */
export function JoinForm({ token, invitation, onOver }: Props) {
  const words = useWords();
  const { join, session: say } = words;
  const [password, setPassword] = useState("");
  const [wrong, setWrong] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const attempt = useMutation({
    mutationFn: () => acceptInvitation(token, password),
    onError: (error) => {
      const problem = asProblem(error);
      if (problem.kind && problem.kind in join.over) onOver(problem);
      else setWrong(problem.fields.find(({ field }) => field === "password")?.message ?? null);
    },
  });
  const problem = attempt.error ? asProblem(attempt.error) : null;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found = wrongWith(password, invitation.email, words);
    setWrong(found);
    if (found) input.current?.focus();
    else attempt.mutate();
  };

  return (
    <Paper component="form" className={classes.card} onSubmit={submit} noValidate aria-labelledby="join-title">
      <Stack gap="md">
        <Group gap="sm" wrap="nowrap">
          <Logo size={32} />
          <Title order={1} id="join-title" style={{ overflowWrap: "anywhere" }}>
            {join.title(invitation.workspace_name)}
          </Title>
        </Group>
        <Text style={{ overflowWrap: "anywhere" }}>
          {join.about(invitation.name, invitation.invited_by, say.roles[invitation.role] ?? invitation.role)}
        </Text>
        {problem && !wrong && (
          <Alert color="red" variant="light" role="alert" classNames={{ message: classes.message ?? "" }}>
            {explained(problem, words).text}
          </Alert>
        )}
        <TextInput label={say.email} name="email" type="email" autoComplete="username" readOnly value={invitation.email} />
        <PasswordInput
          ref={input}
          label={join.password}
          name="password"
          autoComplete="new-password"
          autoFocus
          required
          withAsterisk={false}
          value={password}
          error={wrong}
          aria-describedby="password-rules"
          onChange={(event) => {
            setPassword(event.currentTarget.value);
            setWrong(null);
          }}
        />
        <List id="password-rules" size="sm" c="dimmed">
          <List.Item>{join.ruleLength(SHORTEST)}</List.Item>
          <List.Item>{join.ruleDifferent(FEWEST_DIFFERENT)}</List.Item>
          <List.Item>{join.ruleEmail}</List.Item>
        </List>
        <Button type="submit" loading={attempt.isPending} fullWidth>
          {join.accept}
        </Button>
        <Text c="dimmed" size="xs">
          {join.expires} <Time at={invitation.expires_at} ahead />
        </Text>
      </Stack>
    </Paper>
  );
}
