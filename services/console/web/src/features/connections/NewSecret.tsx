import { Button, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { asProblem } from "../../api/problem";
import { Ask } from "../../ui/Ask";
import { explained } from "../../ui/Failure";
import { Once } from "../../ui/Once";
import { Refused } from "../../ui/Refused";
import { useWords } from "../../words";
import { useConnectionWords } from "../../words/connections";
import type { Connection } from "./getConnections";
import { rotateSecret } from "./rotateSecret";
import { useReadAgain } from "./useConnections";

/** Replaces the secret that Kith made for an adapter, which the old one cannot outlive. */
export function NewSecret({ connection }: { connection: Connection }) {
  const words = useWords();
  const { connections: say } = useConnectionWords();
  const readAgain = useReadAgain();
  const [asks, setAsks] = useState(false);
  const making = useMutation({
    mutationFn: () => rotateSecret(connection.id),
    onSettled: () => {
      setAsks(false);
      void readAgain();
    },
  });
  const secret = making.data?.secret;
  return (
    <Stack gap="xs" data-testid="new-secret">
      {secret ? (
        <Once label={say.secret} value={secret} copy={say.copySecret} warning={say.secretOnce[connection.channel] ?? say.secretOnceElse} />
      ) : (
        <Text size="sm">{say.rotateHelp}</Text>
      )}
      {making.error && <Refused title={say.notSaved}>{explained(asProblem(making.error), words).text}</Refused>}
      {asks ? (
        <Ask
          question={say.rotateAsk}
          text={say.rotateMeans}
          confirm={say.rotate}
          loading={making.isPending}
          onConfirm={() => {
            making.mutate();
          }}
          onCancel={() => {
            setAsks(false);
          }}
        />
      ) : (
        <Button
          variant="default"
          w="fit-content"
          onClick={() => {
            setAsks(true);
          }}
        >
          {say.rotate}
        </Button>
      )}
    </Stack>
  );
}
