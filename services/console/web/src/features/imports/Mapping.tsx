import { Alert, Button, Group, Radio, Select, Stack, Table, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { asProblem } from "../../api/problem";
import { explained } from "../../ui/Failure";
import { useWords } from "../../words";
import { useImportWords } from "../../words/imports";
import { type Import } from "./api";
import classes from "./imports.module.css";
import { checkOf, type Draft, draftOf, KEYS, keysIn, mapped, TARGETS } from "./mapping";
import { useAct, useFields } from "./useImport";

/** What each column is, and by what people are found again; then the file is checked. */
export function Mapping({ one }: { one: Import }) {
  const say = useImportWords();
  const words = useWords();
  const fields = useFields();
  const doing = useAct(one.id);
  const [draft, setDraft] = useState<Draft>(() => draftOf(one));
  const targets = [...TARGETS.map((value) => ({ value: value as string, label: say.targets[value] })), ...(fields.data ?? []).map(({ id, name }) => ({ value: `field:${id}`, label: name }))];
  const asked = checkOf(draft);
  return (
    <section className={classes.card} aria-label={say.mappingTitle}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (asked) doing.mutate({ check: asked });
        }}
      >
        <Stack gap="lg">
          <div>
            <h2 className={classes.title}>{say.mappingTitle}</h2>
            <Text size="sm" c="dimmed">
              {say.mappingAbout}
            </Text>
          </div>
          <Table.ScrollContainer minWidth={560}>
            <Table aria-label={say.mappingTitle} verticalSpacing="xs">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{say.columnOfFile}</Table.Th>
                  <Table.Th>{say.samples}</Table.Th>
                  <Table.Th w={240}>{say.isWhat}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {one.columns.map(({ name, samples }, place) => (
                  <Table.Tr key={`${name}/${String(place)}`}>
                    <Table.Td dir="auto" className={classes.name}>
                      {name}
                    </Table.Td>
                    <Table.Td dir="auto" className={classes.samples}>
                      {samples.slice(0, 3).join(" · ") || "—"}
                    </Table.Td>
                    <Table.Td>
                      <Select
                        aria-label={say.whatIs(name)}
                        placeholder={say.leftOut}
                        data={targets}
                        value={draft.to[place] ?? null}
                        onChange={(target) => {
                          setDraft((now) => mapped(now, place, target));
                        }}
                        clearable
                        searchable
                      />
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
          <Radio.Group
            label={say.keyTitle}
            description={say.keyAbout}
            value={draft.dedupeOn ?? ""}
            onChange={(key) => {
              setDraft((now) => ({ ...now, dedupeOn: KEYS.find((one) => one === key) ?? null }));
            }}
          >
            <Stack gap="xs" mt="xs">
              {KEYS.map((key) => (
                <Radio key={key} value={key} label={say.targets[key]} description={say.keys[key]} disabled={!keysIn(draft.to).includes(key)} />
              ))}
            </Stack>
          </Radio.Group>
          <Radio.Group
            label={say.existingTitle}
            value={draft.existing}
            onChange={(existing) => {
              setDraft((now) => ({ ...now, existing: existing as Draft["existing"] }));
            }}
          >
            <Stack gap="xs" mt="xs">
              {(["update", "fill", "skip"] as const).map((existing) => (
                <Radio key={existing} value={existing} label={say.existing[existing]} />
              ))}
            </Stack>
          </Radio.Group>
          <TextInput
            label={say.country}
            description={say.countryAbout}
            value={draft.phoneCountry}
            maxLength={2}
            maw={420}
            onChange={({ currentTarget }) => {
              const phoneCountry = currentTarget.value;
              setDraft((now) => ({ ...now, phoneCountry }));
            }}
          />
          <Text size="sm">{say.neverAllows}</Text>
          {asked === null && (
            <Alert color="yellow" variant="light" styles={{ message: { color: "var(--mantine-color-text)" } }}>
              {say.needsKey}
            </Alert>
          )}
          {doing.error && (
            <Alert role="alert" color="red" variant="light" title={explained(asProblem(doing.error), words).title}>
              {explained(asProblem(doing.error), words).text}
            </Alert>
          )}
          <Group>
            <Button type="submit" variant={one.status === "checked" ? "default" : "filled"} loading={doing.isPending} disabled={asked === null}>
              {one.status === "checked" ? say.checkAgain : say.check}
            </Button>
          </Group>
        </Stack>
      </form>
    </section>
  );
}
