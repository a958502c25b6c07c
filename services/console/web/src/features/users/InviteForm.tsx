import { Button, Group, Radio, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { asProblem, type Problem } from "../../api/problem";
import { explained } from "../../ui/Failure";
import { Refused } from "../../ui/Refused";
import { useWords, type Words } from "../../words";
import { type Role, ROLES } from "./getUsers";
import { type Invited, invite, type NewInvitation } from "./invite";

type Wrong = Partial<Record<"email" | "name", string>>;

/** Whom to invite, and as what. What is wrong is said at its field. */
export function InviteForm({ onMade, onCancel }: { onMade: (made: NewInvitation) => void; onCancel: () => void }) {
  const words = useWords();
  const { users: say, session, app } = words;
  const form = useRef<HTMLFormElement>(null);
  const [entry, setEntry] = useState<Invited>({ email: "", name: "", role: "agent" });
  const [wrong, setWrong] = useState<Wrong>({});
  const show = (found: Wrong) => {
    setWrong(found);
    const first = Object.keys(found)[0];
    if (first) form.current?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
  };
  const attempt = useMutation({
    mutationFn: () => invite({ ...entry, email: entry.email.trim(), name: entry.name.trim() }),
    onSuccess: onMade,
    onError: (error) => {
      show(fieldErrors(asProblem(error), words));
    },
  });
  const type = (changes: Partial<Invited>) => {
    setEntry((before) => ({ ...before, ...changes }));
    setWrong({});
    attempt.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const lacks = lacking(entry, words);
    show(lacks);
    if (Object.keys(lacks).length === 0) attempt.mutate();
  };
  const field = (name: "email" | "name") => ({
    name,
    required: true,
    withAsterisk: false,
    autoComplete: "off",
    value: entry[name],
    error: wrong[name],
    onChange: (event: { currentTarget: { value: string } }) => {
      type({ [name]: event.currentTarget.value });
    },
  });

  return (
    <form ref={form} onSubmit={submit} noValidate>
      <Stack gap="md">
        <Text c="dimmed">{say.inviteAbout}</Text>
        <TextInput {...field("email")} label={session.email} type="email" data-autofocus />
        <TextInput {...field("name")} label={say.columns.name} dir="auto" maxLength={100} />
        <Radio.Group
          label={say.columns.role}
          value={entry.role}
          onChange={(role) => {
            type({ role: role as Role });
          }}
        >
          <Stack gap="xs" mt={4}>
            {ROLES.map((role) => (
              <Radio key={role} value={role} label={session.roles[role] ?? role} description={say.roleHelp[role]} />
            ))}
          </Stack>
        </Radio.Group>
        {attempt.error && !wrong.email && !wrong.name && <Refused>{explained(asProblem(attempt.error), words).text}</Refused>}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onCancel}>
            {app.cancel}
          </Button>
          <Button type="submit" loading={attempt.isPending}>
            {say.makeLink}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function lacking({ email, name }: Invited, { session, users }: Words): Wrong {
  return {
    ...(!/^\S+@\S+$/.test(email.trim()) && { email: email.trim() ? session.emailWrong : users.emailMissing }),
    ...(!name.trim() && { name: users.nameMissing }),
  };
}

function fieldErrors({ kind, fields }: Problem, { users }: Words): Wrong {
  if (kind === "email-in-use") return { email: users.emailInUse };
  if (kind === "already-invited") return { email: users.alreadyInvited };
  return Object.fromEntries(fields.filter(({ field }) => field === "email" || field === "name").map(({ field, message }) => [field, message]));
}
