import { Button, Group } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asProblem } from "../../../api/problem";
import { Ask } from "../../../ui/Ask";
import { explained } from "../../../ui/Failure";
import { Refused } from "../../../ui/Refused";
import { useWords } from "../../../words";
import { useWhoIsWhoWords } from "../../../words/whoiswho";
import { useSession } from "../../session";
import { fullName } from "../names";
import { deleteClient } from "./deleteClient";

interface Props {
  client: { id: string; name: string; surname?: string | null };
  onDeleted: () => void;
}

/** Deletes a client for good, after asking. */
export function DeleteClient({ client, onDeleted }: Props) {
  const words = useWords();
  const say = useWhoIsWhoWords();
  const { user } = useSession();
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const deleting = useMutation({
    mutationFn: () => deleteClient(client.id),
    onSuccess: async () => {
      onDeleted();
      await queries.invalidateQueries({ queryKey: ["clients", "list"] });
    },
  });
  if (!user?.scopes.includes("people:write")) return null;
  return (
    <>
      {asking ? (
        <Ask
          question={say.deleteQuestion(fullName(client) || words.clients.nameless)}
          text={say.deleteText}
          confirm={say.delete}
          loading={deleting.isPending}
          onConfirm={() => {
            deleting.mutate();
          }}
          onCancel={() => {
            setAsking(false);
          }}
        />
      ) : (
        <Group>
          <Button
            variant="default"
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={() => {
              setAsking(true);
            }}
          >
            {say.delete}
          </Button>
        </Group>
      )}
      {deleting.error && <Refused>{explained(asProblem(deleting.error), words).text}</Refused>}
    </>
  );
}
