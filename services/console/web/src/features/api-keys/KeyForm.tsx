import { Button, Checkbox, Group, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { asProblem } from "../../api/problem";
import type { Scope } from "../../api/session";
import { explained } from "../../ui/Failure";
import { Refused } from "../../ui/Refused";
import { useWords } from "../../words";
import { useSession } from "../session";
import { makeApiKey, type NewKey } from "./makeApiKey";

/** A key's name, and what it may do. */
export function KeyForm({ onMade, onCancel }: { onMade: (key: NewKey) => void; onCancel: () => void }) {
  const words = useWords();
  const { apiKeys: say, app } = words;
  const { user } = useSession();
  const form = useRef<HTMLFormElement>(null);
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<Scope[]>([]);
  const [lacks, setLacks] = useState<{ name?: string; scopes?: string }>({});
  const attempt = useMutation({ mutationFn: () => makeApiKey({ name: name.trim(), scopes }), onSuccess: onMade });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found = { ...(!name.trim() && { name: say.nameMissing }), ...(scopes.length === 0 && { scopes: say.scopesMissing }) };
    setLacks(found);
    if (found.name ?? found.scopes) form.current?.querySelector<HTMLElement>(found.name ? '[name="name"]' : '[type="checkbox"]')?.focus();
    else attempt.mutate();
  };
  return (
    <form ref={form} onSubmit={submit} noValidate>
      <Stack gap="md">
        <TextInput
          label={say.columns.name}
          description={say.nameHelp}
          name="name"
          autoComplete="off"
          dir="auto"
          maxLength={100}
          data-autofocus
          required
          withAsterisk={false}
          value={name}
          error={lacks.name}
          onChange={(event) => {
            setName(event.currentTarget.value);
            setLacks({});
          }}
        />
        <Checkbox.Group
          label={say.columns.scopes}
          description={say.scopesHelp}
          error={lacks.scopes}
          value={scopes}
          onChange={(chosen) => {
            setScopes(chosen as Scope[]);
            setLacks({});
          }}
        >
          <Stack gap="xs" my="xs">
            {/* Nobody gives what they may not do themselves. */}
            {user?.scopes.map((scope) => (
              <Checkbox key={scope} value={scope} label={say.scopes[scope]?.name ?? scope} description={say.scopes[scope]?.about} />
            ))}
          </Stack>
        </Checkbox.Group>
        {attempt.error && <Refused>{explained(asProblem(attempt.error), words).text}</Refused>}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onCancel}>
            {app.cancel}
          </Button>
          <Button type="submit" loading={attempt.isPending}>
            {say.make}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
