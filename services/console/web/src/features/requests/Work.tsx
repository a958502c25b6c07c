import { Button, NativeSelect, Stack } from "@mantine/core";
import { IconHandGrab } from "@tabler/icons-react";
import type { Problem } from "../../api/problem";
import type { ContactRequest } from "../../api/requests";
import { explained } from "../../ui/Failure";
import { Refused } from "../../ui/Refused";
import { useSpeech } from "../../words";
import { useRequestWords } from "../../words/requests";
import { useSession } from "../session";
import { give, setStatus, take } from "./api";
import { statusName } from "./Marks";
import classes from "./requests.module.css";
import { useAct } from "./useAct";
import { useMembers, useStatuses } from "./useRequests";

/** How far it is and whose it is: set, taken, given. Of two at once one is told that the other was faster. */
export function Work({ request }: { request: ContactRequest }) {
  const { requests: say } = useRequestWords();
  const { user } = useSession();
  const taking = useAct(request.id, () => take(request.id));
  const isMine = request.handler !== null && request.handler.id === user?.id;
  const mayWork = user?.scopes.includes("requests:write") ?? false;
  return (
    <Stack gap="sm">
      <div className={classes.act}>
        <StatusChoice request={request} disabled={!mayWork} />
        <Handler request={request} disabled={!mayWork} />
        {mayWork && !isMine && request.handler === null && (
          <Button
            leftSection={<IconHandGrab size={16} aria-hidden />}
            loading={taking.pending}
            onClick={() => {
              taking.act(undefined);
            }}
          >
            {say.take}
          </Button>
        )}
      </div>
      {taking.problem && <Told problem={taking.problem} />}
    </Stack>
  );
}

function StatusChoice({ request, disabled }: { request: ContactRequest; disabled: boolean }) {
  const { requests: say } = useRequestWords();
  const { language } = useSpeech();
  const statuses = useStatuses();
  const setting = useAct(request.id, (status: string) => setStatus(request.id, status, request.rev));
  const known = statuses.data?.items.filter(({ id, removed }) => !removed || id === request.status) ?? [];
  return (
    <div>
      <NativeSelect
        label={say.status}
        disabled={disabled || setting.pending}
        value={setting.wanted ?? request.status}
        data={known.length > 0 ? known.map((status) => ({ value: status.id, label: statusName(status, status.id, language) })) : [request.status]}
        onChange={(event) => {
          setting.act(event.currentTarget.value);
        }}
      />
      {setting.problem && <Told problem={setting.problem} />}
    </div>
  );
}

const BACK = "-";

function Handler({ request, disabled }: { request: ContactRequest; disabled: boolean }) {
  const { requests: say } = useRequestWords();
  const members = useMembers(request.queue_id);
  const giving = useAct(request.id, (to: string) => give(request.id, to === BACK ? null : to, request.rev));
  const { handler } = request;
  const others = members.data?.filter(({ id }) => id !== handler?.id) ?? [];
  return (
    <div>
      <NativeSelect
        label={say.handler}
        data-testid="handler"
        disabled={disabled || giving.pending}
        value=""
        data={[
          { value: "", label: handler ? (handler.name ?? say.somebody) : say.nobody },
          ...others.map(({ id, name, online }) => ({ value: id, label: `${say.give} ${name} (${online ? say.online : say.offline})` })),
          ...(handler ? [{ value: BACK, label: say.giveBack }] : []),
        ]}
        onChange={(event) => {
          if (event.currentTarget.value) giving.act(event.currentTarget.value);
        }}
      />
      {giving.problem && <Told problem={giving.problem} />}
    </div>
  );
}

function Told({ problem }: { problem: Problem }) {
  const { words } = useSpeech();
  const { requests: say } = useRequestWords();
  if (problem.kind === "taken") return <Refused title={say.takenTitle}>{problem.detail ?? say.changed}</Refused>;
  if (problem.kind === "changed-meanwhile") return <Refused title={say.changedTitle}>{say.changed}</Refused>;
  return <Refused title={say.refused}>{explained(problem, words).text}</Refused>;
}
