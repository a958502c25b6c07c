import { Button, Group, List, Stack, Text, Title } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { asProblem } from "../../api/problem";
import { Ask } from "../../ui/Ask";
import { Facts } from "../../ui/Facts";
import { explained } from "../../ui/Failure";
import { Refused } from "../../ui/Refused";
import { Side } from "../../ui/Side";
import { Time } from "../../ui/Time";
import { dayText } from "../../ui/times";
import { useSpeech } from "../../words";
import type { ApiKey } from "./getApiKeys";
import { KeyMark } from "./KeyMark";
import classes from "./keys.module.css";
import { revokeApiKey } from "./revokeApiKey";
import { useReadAgain } from "./useKeys";

/** A key: what it may do, and its end. */
export function KeyCard({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const { words, locale } = useSpeech();
  const { apiKeys: say } = words;
  const readAgain = useReadAgain();
  const [asking, setAsking] = useState(false);
  const revoking = useMutation({
    mutationFn: () => revokeApiKey(apiKey.id),
    onSettled: async () => {
      await readAgain();
      setAsking(false);
    },
  });
  return (
    <Side rowId={apiKey.id} title={<bdi>{apiKey.name}</bdi>} onClose={onClose}>
      <Stack gap="lg" data-testid="key-card">
        <Facts
          facts={[
            [say.columns.prefix, <span key="prefix" className={classes.mono}>{apiKey.prefix}…</span>],
            [say.columns.state, <KeyMark key="state" active={apiKey.active} />],
            [say.columns.created, <Time key="created" at={apiKey.created_at} />],
            [say.columns.used, apiKey.last_used_on ? dayText(apiKey.last_used_on, locale) : say.neverUsed],
            ...(apiKey.revoked_at ? [[say.revokedAt, <Time key="revoked" at={apiKey.revoked_at} />] as const] : []),
          ]}
        />
        <Stack component="section" gap="xs" aria-labelledby="key-scopes">
          <Title order={2} id="key-scopes">
            {say.columns.scopes}
          </Title>
          <List size="sm" spacing={4}>
            {apiKey.scopes.map((scope) => (
              <List.Item key={scope}>
                {say.scopes[scope]?.name ?? scope}
                <Text span c="dimmed" display="block" size="sm">
                  {say.scopes[scope]?.about}
                </Text>
              </List.Item>
            ))}
          </List>
        </Stack>
        {asking ? (
          <Ask
            question={say.revokeQuestion}
            text={say.revokeText}
            confirm={say.revoke}
            loading={revoking.isPending}
            onConfirm={() => {
              revoking.mutate();
            }}
            onCancel={() => {
              setAsking(false);
            }}
          />
        ) : (
          apiKey.active && (
            <Group>
              <Button
                variant="default"
                leftSection={<IconTrash size={16} aria-hidden />}
                onClick={() => {
                  setAsking(true);
                }}
              >
                {say.revoke}
              </Button>
            </Group>
          )
        )}
        {revoking.error && <Refused>{explained(asProblem(revoking.error), words).text}</Refused>}
      </Stack>
    </Side>
  );
}
