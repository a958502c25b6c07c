import { ActionIcon, Button, NativeSelect, Radio, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import type { OtherWay, WhenClosed } from "../../api/queues";
import { useQueueWords } from "../../words/queues";
import { removed, replaced } from "./draft";
import { useEditing } from "./Editing";
import classes from "./queues.module.css";
import { TextsInput } from "./TextsInput";

const WAYS: readonly WhenClosed[] = ["message", "form", "bot"];
const KINDS: readonly OtherWay["kind"][] = ["phone", "email", "link"];

/** What visitors are shown while the queue is closed. */
export function Closed() {
  const say = useQueueWords();
  const { draft, change, wrong } = useEditing();
  return (
    <Stack gap="md">
      <Radio.Group
        label={say.sections.closed}
        error={wrong("when_closed")}
        value={draft.when_closed}
        onChange={(value) => {
          change({ when_closed: value as WhenClosed });
        }}
      >
        <Stack gap="xs" mt={4}>
          {WAYS.map((way) => (
            <Radio key={way} value={way} label={say.whenClosed[way]} description={say.whenClosedMeans[way]} />
          ))}
        </Stack>
      </Radio.Group>
      <TextsInput
        lines
        label={say.offline}
        description={say.offlineHelp}
        place="offline"
        texts={draft.offline}
        onChange={(offline) => {
          change({ offline });
        }}
      />
      <OtherWays />
    </Stack>
  );
}

function OtherWays() {
  const say = useQueueWords();
  const { draft, change, wrong, languages } = useEditing();
  const set = (at: number, way: OtherWay) => {
    change({ other_ways: replaced(draft.other_ways, at, way) });
  };
  return (
    <div role="group" aria-label={say.otherWays}>
      <Text fw={600} mb={4}>
        {say.otherWays}
      </Text>
      {draft.other_ways.map((way, at) => (
        <div key={String(at)} className={classes.exception} data-testid="other-way">
          <div className={classes.exceptionHead}>
            <NativeSelect
              label={say.wayKind}
              value={way.kind}
              data={KINDS.map((kind) => ({ value: kind, label: say.wayKinds[kind] ?? kind }))}
              onChange={(event) => {
                set(at, { ...way, kind: event.currentTarget.value as OtherWay["kind"] });
              }}
            />
            <TextInput
              flex={1}
              label={say.wayValue}
              value={way.value}
              dir="ltr"
              autoComplete="off"
              placeholder={PLACEHOLDERS[way.kind]}
              error={wrong(`other_ways.${String(at)}.value`)}
              onChange={(event) => {
                set(at, { ...way, value: event.currentTarget.value });
              }}
            />
            <ActionIcon
              mb={6}
              variant="subtle"
              color="gray"
              aria-label={say.removeOne(way.value || (say.wayKinds[way.kind] ?? way.kind))}
              onClick={() => {
                change({ other_ways: removed(draft.other_ways, at) });
              }}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </div>
          <TextsInput
            label={say.wayLabel}
            place={`other_ways.${String(at)}.label`}
            texts={way.label}
            onChange={(label) => {
              set(at, { ...way, label });
            }}
          />
        </div>
      ))}
      <Button
        variant="default"
        size="xs"
        leftSection={<IconPlus size={16} aria-hidden />}
        onClick={() => {
          const first = languages[0];
          change({ other_ways: [...draft.other_ways, { kind: "phone", value: "", label: first ? { [first]: say.wayKinds.phone ?? "" } : {} }] });
        }}
      >
        {say.addWay}
      </Button>
    </div>
  );
}

const PLACEHOLDERS = { phone: "+4722225555", email: "help@example.com", link: "https://example.com/help" };
