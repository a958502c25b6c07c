import { Button, Group, Skeleton, Stack, Title } from "@mantine/core";
import { IconPencil, IconRoute } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "react-router";
import { asProblem } from "../../api/problem";
import { Channel } from "../../ui/channels";
import { Facts } from "../../ui/Facts";
import { explained } from "../../ui/Failure";
import { Refused } from "../../ui/Refused";
import { Side } from "../../ui/Side";
import { Time } from "../../ui/Time";
import { useWords } from "../../words";
import { useConnectionWords } from "../../words/connections";
import { calledAt } from "./calledAt";
import { CheckButton } from "./CheckButton";
import { EditForm } from "./EditForm";
import { EnabledSwitch } from "./EnabledSwitch";
import type { Connection } from "./getConnections";
import { ArrivesMark, ScenarioMark } from "./Marks";
import { NewSecret } from "./NewSecret";
import { Pastes } from "./Pastes";
import { useToPaste } from "./useConnections";

/** A connection: whether it works, what it is set to, and what its provider has to be told. */
export function ConnectionCard({ connection, onClose }: { connection: Connection; onClose: () => void }) {
  const { connections: say } = useConnectionWords();
  const [editing, setEditing] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  return (
    <Side rowId={connection.id} title={<bdi>{connection.name}</bdi>} onClose={onClose}>
      <Stack gap="lg" data-testid="connection-card">
        <Facts
          facts={[
            [say.columns.channel, <Channel key="channel" channel={connection.channel} badge />],
            [say.columns.account, [calledAt(connection), connection.bot_id].filter(Boolean).join(" · ")],
            [say.columns.arrives, <ArrivesMark key="arrives" {...connection} />],
            [say.columns.becomes, say.becomes[connection.becomes_client]],
            [say.columns.scenario, <ScenarioMark key="scenario" {...connection} />],
            [say.since, <Time key="since" at={connection.created_at} />],
          ]}
        />
        <EnabledSwitch connection={connection} onRefused={setRefused} />
        {refused && <Refused title={say.refused(connection.name)}>{refused}</Refused>}
        {editing ? (
          <EditForm
            connection={connection}
            onClose={() => {
              setEditing(false);
            }}
          />
        ) : (
          <Group gap="xs">
            <Button
              variant="default"
              leftSection={<IconPencil size={16} aria-hidden />}
              onClick={() => {
                setEditing(true);
              }}
            >
              {say.edit}
            </Button>
            <Button variant="default" component={Link} to={`/channels/connections/${connection.id}/scenario`} leftSection={<IconRoute size={16} aria-hidden />}>
              {say.editScenario}
            </Button>
          </Group>
        )}
        <Stack component="section" gap="xs" aria-labelledby="connection-provider">
          <Title order={2} id="connection-provider">
            {say.atProvider[connection.channel] ?? say.atProviderElse}
          </Title>
          <ToPaste connection={connection} />
          {connection.enabled && <CheckButton connection={connection} />}
          {connection.channel === "custom" && <NewSecret connection={connection} />}
        </Stack>
      </Stack>
    </Side>
  );
}

function ToPaste({ connection }: { connection: Connection }) {
  const words = useWords();
  const pastes = useToPaste(connection.id);
  if (pastes.data) return <Pastes connection={connection} items={pastes.data} />;
  if (pastes.error) return <Refused>{explained(asProblem(pastes.error), words).text}</Refused>;
  return <Skeleton height={60} />;
}
