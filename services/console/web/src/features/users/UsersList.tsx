import type { usePages } from "../../api/usePages";
import { Blank } from "../../ui/Blank";
import type { Column } from "../../ui/columns";
import { OpenableList } from "../../ui/OpenableList";
import { useWords } from "../../words";
import type { User } from "./getUsers";
import { UserCard } from "./UserCard";

interface Props {
  list: ReturnType<typeof usePages<User>>;
  columns: Column<User>[];
  search: string;
  onClear: () => void;
  ownId: string | undefined;
}

export function UsersList({ list, columns, search, onClear, ownId }: Props) {
  const { users, table } = useWords();
  return (
    <OpenableList
      label={users.title}
      list={list}
      columns={columns}
      empty={<Blank title={users.nobodyTitle(search)} text={users.nobody} action={{ label: table.clear, onClick: onClear }} />}
      card={(user, close) => <UserCard key={user.id} user={user} isOwn={user.id === ownId} onClose={close} />}
    />
  );
}
