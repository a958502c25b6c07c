import { NativeSelect, Stack, Switch } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { asProblem } from "../../api/problem";
import { renew } from "../../api/session";
import { Ask } from "../../ui/Ask";
import { Facts } from "../../ui/Facts";
import { explained } from "../../ui/Failure";
import { Refused } from "../../ui/Refused";
import { Side } from "../../ui/Side";
import { Time } from "../../ui/Time";
import { useWords } from "../../words";
import { type Change, changeUser } from "./changeUser";
import { type Role, ROLES, type User } from "./getUsers";
import { useReadAgain } from "./useLists";

interface Props {
  user: User;
  isOwn: boolean;
  onClose: () => void;
}

/** A user's role and whether they may sign in; both turn at once, and turn back with a reason if refused. */
export function UserCard({ user, isOwn, onClose }: Props) {
  const words = useWords();
  const { users: say, session } = words;
  const readAgain = useReadAgain();
  const [asked, setAsked] = useState<Change | null>(null);
  const change = useMutation({
    mutationFn: (wanted: Change) => changeUser(user.id, wanted),
    onSuccess: async () => {
      if (isOwn) await renew().catch(() => undefined); // one's own pages go by what one may do now
    },
    onSettled: async () => {
      setAsked(null);
      await readAgain();
    },
  });
  const shown = { ...user, ...(change.isPending && change.variables) };
  const problem = change.error && asProblem(change.error);
  const want = (wanted: Change) => {
    // Whoever takes their own rights away cannot give them back.
    if (isOwn) setAsked(wanted);
    else change.mutate(wanted);
  };

  return (
    <Side rowId={user.id} title={<bdi>{user.name}</bdi>} onClose={onClose}>
      <Stack gap="lg" data-testid="user-card">
        <Facts
          facts={[
            [say.columns.email, user.email],
            [say.columns.signedIn, user.last_signed_in_at ? <Time key="at" at={user.last_signed_in_at} /> : say.never],
            [say.since, <Time key="since" at={user.created_at} />],
          ]}
        />
        <NativeSelect
          label={say.columns.role}
          description={say.roleHelp[shown.role]}
          inputWrapperOrder={["label", "input", "description"]}
          value={shown.role}
          disabled={change.isPending}
          data={ROLES.map((role) => ({ value: role, label: session.roles[role] ?? role }))}
          onChange={(event) => {
            want({ role: event.currentTarget.value as Role });
          }}
        />
        <Switch
          label={say.maySignIn}
          description={shown.active ? say.maySignInHelp : say.mayNotHelp}
          checked={shown.active}
          disabled={change.isPending}
          onChange={(event) => {
            want({ active: event.currentTarget.checked });
          }}
        />
        {asked && (
          <Ask
            question={say.ownTitle}
            text={asked.role ? say.ownRole(session.roles[asked.role] ?? asked.role) : say.ownActive}
            confirm={say.ownConfirm}
            loading={change.isPending}
            onConfirm={() => {
              change.mutate(asked);
            }}
            onCancel={() => {
              setAsked(null);
            }}
          />
        )}
        {/* Kept and not told yet: the service says so itself, and the list shows it. */}
        {problem && <Refused {...(problem.kind !== "kept-not-told" && { title: say.refused })}>{problem.kind === "last-admin" ? say.lastAdmin : explained(problem, words).text}</Refused>}
      </Stack>
    </Side>
  );
}
