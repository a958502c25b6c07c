import { Alert, Button, Stack } from "@mantine/core";
import { IconCircleCheck, IconRefresh } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { asProblem } from "../../api/problem";
import { explained } from "../../ui/Failure";
import { Refused } from "../../ui/Refused";
import { useWords } from "../../words";
import { useConnectionWords } from "../../words/connections";
import { checkConnection } from "./checkConnection";
import type { Connection } from "./getConnections";
import { useReadAgain } from "./useConnections";

/** Asks the provider anew, and says in words what came of it. */
export function CheckButton({ connection: { id, webhook, channel } }: { connection: Connection }) {
  const words = useWords();
  const { connections: say } = useConnectionWords();
  const readAgain = useReadAgain();
  const check = useMutation({ mutationFn: () => checkConnection(id), onSettled: readAgain });
  const known = check.data ? check.data.webhook : webhook;
  return (
    <Stack gap="xs" align="flex-start" aria-live="polite">
      {check.data && check.data.webhook?.ok !== false ? (
        <Alert color="teal" variant="light" icon={<IconCircleCheck size={18} aria-hidden />} styles={{ message: { color: "var(--mantine-color-text)" } }}>
          {say.checked[channel] ?? say.checkedElse}
        </Alert>
      ) : check.error ? (
        <Refused title={say.checkFailed}>{explained(asProblem(check.error), words).text}</Refused>
      ) : (
        known && !known.ok && <Refused title={say.arrives.wrong}>{known.error ?? say.unknownReason}</Refused>
      )}
      <Button
        variant="default"
        leftSection={<IconRefresh size={16} aria-hidden />}
        loading={check.isPending}
        onClick={() => {
          check.mutate();
        }}
      >
        {say.check}
      </Button>
    </Stack>
  );
}
