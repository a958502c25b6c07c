import { Badge, NativeSelect, Select, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { Cut } from "../../ui/Cut";
import { useQueueWords } from "../../words/queues";
import { moved, removed } from "./draft";
import { useEditing } from "./Editing";
import { Movable } from "./Movable";
import classes from "./queues.module.css";
import { usePeople } from "./useQueue";

/** Who is told, in which order, and who is told last. */
export function Members() {
  const say = useQueueWords();
  const { draft, change, wrong } = useEditing();
  const { members, lead } = draft;
  const people = usePeople();
  const [said, setSaid] = useState("");
  const nameOf = (id: string) => people.data?.find((person) => person.id === id)?.name ?? (people.data ? say.gone : "…");
  const others = people.data?.filter(({ id }) => !members.includes(id)) ?? [];
  return (
    <Stack gap="sm">
      <div role="group" aria-label={say.people}>
        <Text fw={600}>{say.people}</Text>
        <Text size="xs" c="dimmed">
          {say.peopleHelp} {members.length > 1 && say.reorderHelp}
        </Text>
        <ol className={classes.list} data-testid="members">
          {members.map((id, at) => (
            <Movable
              key={id}
              name={nameOf(id)}
              at={at}
              count={members.length}
              onMove={(to) => {
                change({ members: moved(members, at, to) });
                setSaid(say.moved(nameOf(id), to + 1, members.length));
              }}
              onRemove={() => {
                change({ members: removed(members, at) });
              }}
            >
              <span className={classes.person}>
                <Cut>{nameOf(id)}</Cut>
                {id === lead && (
                  <Badge variant="light" size="sm" tt="none">
                    {say.isLead}
                  </Badge>
                )}
              </span>
              {wrong(`members.${String(at)}`) && <Text size="xs" c="red">{wrong(`members.${String(at)}`)}</Text>}
            </Movable>
          ))}
        </ol>
        <span className={classes.hidden} role="status">
          {said}
        </span>
        {members.length === 0 && (
          <Text size="sm" c="dimmed" mb="xs">
            {say.nobody}
          </Text>
        )}
        <Select
          aria-label={say.addPerson}
          placeholder={say.addPerson}
          searchable
          value={null}
          data={others.map(({ id, name }) => ({ value: id, label: name }))}
          disabled={people.data !== undefined && others.length === 0}
          onChange={(id) => {
            if (id) change({ members: [...members, id] });
          }}
        />
      </div>
      <NativeSelect
        label={say.lead}
        description={say.leadHelp}
        inputWrapperOrder={["label", "input", "description", "error"]}
        error={wrong("lead")}
        value={lead ?? ""}
        data={[{ value: "", label: say.noLead }, ...leads(people.data ?? [], lead, say.gone).map(({ id, name }) => ({ value: id, label: name }))]}
        onChange={(event) => {
          change({ lead: event.currentTarget.value || null });
        }}
      />
    </Stack>
  );
}

function leads(people: readonly { id: string; name: string }[], lead: string | null | undefined, gone: string) {
  return lead && !people.some(({ id }) => id === lead) ? [...people, { id: lead, name: gone }] : people;
}
