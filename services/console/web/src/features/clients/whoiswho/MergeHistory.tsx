import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { asProblem } from "../../../api/problem";
import { Ask } from "../../../ui/Ask";
import { explained } from "../../../ui/Failure";
import { Refused } from "../../../ui/Refused";
import { Time } from "../../../ui/Time";
import { useWords } from "../../../words";
import { useWhoIsWhoWords } from "../../../words/whoiswho";
import { getMerges, type Merge } from "./getMerges";
import { undoMerge } from "./undoMerge";
import { useReadAgain } from "./useReadAgain";

/** With whom a client was merged; the newest can be undone. */
export function MergeHistory({ clientId, mayChange }: { clientId: string; mayChange: boolean }) {
  const words = useWords();
  const say = useWhoIsWhoWords();
  const readAgain = useReadAgain();
  const [asking, setAsking] = useState<string | null>(null);
  const merges = useQuery({ queryKey: ["clients", "merges", clientId], queryFn: ({ signal }) => getMerges(clientId, signal) });
  const undoing = useMutation({
    mutationFn: undoMerge,
    onSettled: async () => {
      await readAgain();
      setAsking(null);
    },
  });
  const refused = undoing.error ?? merges.error;
  return (
    <>
      {(merges.data?.length ?? 0) > 0 && (
        <Stack gap="xs" data-testid="merge-history">
          <Title order={3} size="h5">
            {say.history}
          </Title>
          {merges.data?.map((merge) =>
            asking === merge.id ? (
              <Ask
                key={merge.id}
                question={say.undoQuestion}
                text={say.undoText}
                confirm={say.undoing}
                loading={undoing.isPending}
                onConfirm={() => {
                  undoing.mutate(merge.id);
                }}
                onCancel={() => {
                  setAsking(null);
                }}
              />
            ) : (
              <Past key={merge.id} merge={merge} mayUndo={mayChange && merge.may_be_undone} onUndo={setAsking} />
            ),
          )}
        </Stack>
      )}
      {refused && <Refused>{explained(asProblem(refused), words).text}</Refused>}
    </>
  );
}

function Past({ merge, mayUndo, onUndo }: { merge: Merge; mayUndo: boolean; onUndo: (id: string) => void }) {
  const say = useWhoIsWhoWords();
  const name = merge.absorbed_name ?? say.forgotten;
  return (
    <Group gap="sm" justify="space-between" wrap="nowrap" data-testid="merge">
      <Stack gap={0} style={{ minInlineSize: 0 }}>
        <Text size="sm" dir="auto" td={merge.undone_at ? "line-through" : undefined}>
          {say.absorbed(name)}
        </Text>
        <Text size="xs" c="dimmed">
          {merge.evidence ? say.mergedBecause(merge.evidence.value) : say.mergedBy} · <Time at={merge.at} />
          {merge.undone_at && (
            <>
              {" · "}
              {say.undone} <Time at={merge.undone_at} />
            </>
          )}
        </Text>
      </Stack>
      {mayUndo && (
        <Button
          flex="none"
          size="xs"
          variant="default"
          leftSection={<IconArrowBackUp size={16} aria-hidden />}
          aria-label={say.undoOf(name)}
          onClick={() => {
            onUndo(merge.id);
          }}
        >
          {say.undo}
        </Button>
      )}
    </Group>
  );
}
