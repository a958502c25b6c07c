import { useMemo } from "react";
import type { Column } from "../../ui/columns";
import { Cut } from "../../ui/Cut";
import { Time } from "../../ui/Time";
import { useWords } from "../../words";
import type { Invitation } from "./getInvitations";
import type { User } from "./getUsers";
import { ActiveMark, InvitationMark } from "./Marks";
import classes from "./users.module.css";

export function useUserColumns(ownId: string | undefined): Column<User>[] {
  const { users, session } = useWords();
  return useMemo(() => {
    const { columns } = users;
    const name = ({ id, name: text }: User) => (
      <span className={classes.name}>
        <Cut>{text}</Cut>
        {id === ownId && <span className={classes.you}>{users.you}</span>}
      </span>
    );
    return [
      { id: "name", title: columns.name, width: 200, narrow: 150, always: true, pin: "start", render: name },
      { id: "email", title: columns.email, width: 240, wide: true, render: ({ email }) => <Cut>{email}</Cut> },
      { id: "role", title: columns.role, width: 130, render: ({ role }) => session.roles[role] ?? role },
      { id: "active", title: columns.state, width: 140, render: ({ active }) => <ActiveMark active={active} /> },
      { id: "signedIn", title: columns.signedIn, width: 150, wide: true, render: ({ last_signed_in_at: at }) => (at ? <Time at={at} /> : users.never) },
    ];
  }, [users, session, ownId]);
}

export function useInvitationColumns(): Column<Invitation>[] {
  const { users, session } = useWords();
  return useMemo(() => {
    const { columns } = users;
    const name = ({ name: text }: Invitation) => (
      <span className={classes.name}>
        <Cut>{text}</Cut>
      </span>
    );
    return [
      { id: "name", title: columns.name, width: 180, narrow: 150, always: true, pin: "start", render: name },
      { id: "email", title: columns.email, width: 230, wide: true, render: ({ email }) => <Cut>{email}</Cut> },
      { id: "role", title: columns.role, width: 120, render: ({ role }) => session.roles[role] ?? role },
      { id: "state", title: columns.state, width: 170, render: ({ state }) => <InvitationMark state={state} /> },
      { id: "by", title: columns.invitedBy, width: 160, wide: true, render: ({ invited_by: by }) => by && <Cut>{by}</Cut> },
      { id: "expires", title: columns.expires, width: 140, wide: true, render: ({ expires_at: at }) => <Time at={at} ahead /> },
    ];
  }, [users, session]);
}
