import { Button, Group, Stack, Title } from "@mantine/core";
import { IconArrowMerge } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useSearchParams } from "react-router";
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

/** In the address: the id of the client that is to be merged into this one, as a list's Actions ask for it. */
const MERGE = "merge";

/** Who a client may be besides, with whom it was merged, and a way to merge and to undo. */
export function WhoIsWho({ client }: { client: { id: string; name: string; surname?: string | null } }) {
  const say = useWhoIsWhoWords();
  const { user } = useSession();
  const [chosen, setWish] = useState<Wish | null>(null);
  const [params, setParams] = useSearchParams();
  const mayChange = user?.scopes.includes("people:write") ?? false;
  const asked = mayChange ? params.get(MERGE) : null;
  const wish = chosen ?? (asked ? { other: { id: asked, name: "", surname: null }, suggestion: null } : null);
  const close = () => {
    setWish(null);
    if (!asked) return;
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        after.delete(MERGE);
        return after;
      },
      { replace: true },
    );
  };
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
          <MergeModal client={client} wish={wish} onClose={close} />
        )}
      </Suspense>
    </Stack>
  );
}
