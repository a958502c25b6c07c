import { Skeleton, Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Failure } from "../../../ui/Failure";
import { useWords } from "../../../words";
import { useWhoIsWhoWords } from "../../../words/whoiswho";
import { getClients } from "../getClients";
import { fullName } from "../names";
import classes from "./whoiswho.module.css";
import type { Wish } from "./WhoIsWho";

const SHOWN = 8;

/** Finds the other client. */
export function PickClient({ besides, onPick }: { besides: string; onPick: (other: NonNullable<Wish["other"]>) => void }) {
  const { clients } = useWords();
  const say = useWhoIsWhoWords();
  const [typed, setTyped] = useState("");
  const [search] = useDebouncedValue(typed.trim(), 200);
  const found = useQuery({
    queryKey: ["clients", "pick", search],
    queryFn: ({ signal }) => getClients({ search, limit: SHOWN + 1 }, signal),
    enabled: search !== "",
    placeholderData: keepPreviousData,
  });
  const people = (found.data?.items ?? []).filter(({ id }) => id !== besides).slice(0, SHOWN);
  return (
    <Stack gap="sm">
      <TextInput
        type="search"
        label={say.pick}
        placeholder={say.pickHelp}
        value={typed}
        dir="auto"
        data-autofocus
        onChange={(event) => {
          setTyped(event.currentTarget.value);
        }}
      />
      {search !== "" && found.isPending && <Skeleton height={120} />}
      {found.error && <Failure error={found.error} retry={() => void found.refetch()} />}
      {search !== "" && found.data && people.length === 0 && (
        <Text c="dimmed" size="sm" role="status">
          {say.pickNone}
        </Text>
      )}
      {search !== "" &&
        people.map((person) => (
          <UnstyledButton
            key={person.id}
            className={classes.person ?? ""}
            data-testid="pick"
            onClick={() => {
              onPick(person);
            }}
          >
            <Text fw={600} dir="auto">
              {fullName(person) || clients.nameless}
            </Text>
            <Text size="sm" c="dimmed">
              <bdi>{[person.email, person.phone, person.contact_key].filter(Boolean).join(" · ") || person.id}</bdi>
            </Text>
          </UnstyledButton>
        ))}
    </Stack>
  );
}
