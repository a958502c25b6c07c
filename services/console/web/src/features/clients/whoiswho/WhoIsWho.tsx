import { Button, Group, Stack, Title } from "@mantine/core";
import { IconArrowMerge } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useWhoIsWhoWords } from "../../../words/whoiswho";
import { useSession } from "../../session";
import { MergeHistory } from "./MergeHistory";
import { Suggestions } from "./Suggestions";
import type { Person } from "./getSuggestions";

const MergeModal = lazy(() => import("./MergeModal"));

/** With whom a client is to be merged; `suggestion` where something suggested it. */
export interface Wish {
  other: Pick<Person, "id" | "name" | "surname"> | null;
  suggestion: string | null;
}

/** Who a client may be besides, with whom it was merged, and a way to merge and to undo. */
export function WhoIsWho({ client }: { client: { id: string; name: string; surname?: string | null } }) {
  const say = useWhoIsWhoWords();
  const { user } = useSession();
  const [wish, setWish] = useState<Wish | null>(null);
  const mayChange = user?.scopes.includes("people:write") ?? false;
  return (
    <Stack component="section" gap="md" aria-labelledby="who-is-who" data-testid="who-is-who">
      <Group justify="space-between">
        <Title order={2} id="who-is-who">
          {say.title}
        </Title>
        {mayChange && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconArrowMerge size={16} aria-hidden />}
            onClick={() => {
              setWish({ other: null, suggestion: null });
            }}
          >
            {say.merge}
          </Button>
        )}
      </Group>
      <Suggestions clientId={client.id} mayChange={mayChange} onAccept={setWish} />
      <MergeHistory clientId={client.id} mayChange={mayChange} />
      <Suspense>
        {wish && (
          <MergeModal
            client={client}
            wish={wish}
            onClose={() => {
              setWish(null);
            }}
          />
        )}
      </Suspense>
    </Stack>
  );
}
