import { IconMailForward } from "@tabler/icons-react";
import type { usePages } from "../../api/usePages";
import { Blank } from "../../ui/Blank";
import type { Column } from "../../ui/columns";
import { OpenableList } from "../../ui/OpenableList";
import { useWords } from "../../words";
import type { Invitation } from "./getInvitations";
import { InvitationCard } from "./InvitationCard";

interface Props {
  list: ReturnType<typeof usePages<Invitation>>;
  columns: Column<Invitation>[];
  search: string;
  onClear: () => void;
  onInvite: () => void;
}

export function InvitationsList({ list, columns, search, onClear, onInvite }: Props) {
  const { users, table } = useWords();
  const empty = search ? (
    <Blank title={users.nobodyTitle(search)} text={users.nobody} action={{ label: table.clear, onClick: onClear }} />
  ) : (
    <Blank
      icon={<IconMailForward size={32} stroke={1.5} />}
      title={users.noInvitationsTitle}
      text={users.noInvitations}
      action={{ label: users.invite, onClick: onInvite }}
    />
  );
  return (
    <OpenableList
      label={users.invitations}
      list={list}
      columns={columns}
      empty={empty}
      card={(invitation, close) => <InvitationCard key={invitation.id} invitation={invitation} onClose={close} />}
    />
  );
}
