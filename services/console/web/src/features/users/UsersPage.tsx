import { Button, SegmentedControl } from "@mantine/core";
import { IconUserPlus } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useSearchParams } from "react-router";
import { ColumnMenu } from "../../ui/ColumnMenu";
import { useColumnChoice } from "../../ui/columns";
import classes from "../../ui/ListPage.module.css";
import { PageHead } from "../../ui/PageHead";
import { SearchBox } from "../../ui/SearchBox";
import { numberText } from "../../ui/times";
import { useSpeech } from "../../words";
import { useSession } from "../session";
import { InvitationsList } from "./InvitationsList";
import { useInvitationColumns, useUserColumns } from "./useColumns";
import { useInvitations, useUsers } from "./useLists";
import { UsersList } from "./UsersList";

const InviteModal = lazy(() => import("./InviteModal"));

/** Who may sign in, and who was asked to. */
export default function UsersPage() {
  const { words, locale } = useSpeech();
  const { users: say } = words;
  const { user } = useSession();
  const [params, setParams] = useSearchParams();
  const [inviting, setInviting] = useState(false);
  const search = params.get("search")?.trim() ?? "";
  const shown = params.get("show") === "invitations" ? "invitations" : "users";
  const users = useUsers(search);
  const invitations = useInvitations(search);
  const userColumns = useColumnChoice("users", useUserColumns(user?.id));
  const invitationColumns = useColumnChoice("invitations", useInvitationColumns());
  const set = (name: string, value: string) => {
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        if (value) after.set(name, value);
        else after.delete(name);
        return after;
      },
      { replace: true },
    );
  };
  const clear = () => {
    set("search", "");
  };
  const showInvite = () => {
    setInviting(true);
  };
  const withCount = (name: string, count: number | undefined) => (count === undefined ? name : `${name} ${numberText(count, locale)}`);

  return (
    <div className={classes.page}>
      <PageHead title={say.title} about={say.about}>
        <Button flex="none" leftSection={<IconUserPlus size={16} aria-hidden />} onClick={showInvite}>
          {say.invite}
        </Button>
      </PageHead>
      <div className={classes.bar}>
        <SearchBox
          label={say.search}
          value={search}
          onSearch={(wanted) => {
            set("search", wanted);
          }}
        />
        <SegmentedControl
          aria-label={say.show}
          size="sm"
          value={shown}
          onChange={(chosen) => {
            set("show", chosen === "users" ? "" : chosen);
          }}
          data={[
            { value: "users", label: withCount(say.title, users.data?.pages[0]?.total) },
            { value: "invitations", label: withCount(say.invitations, invitations.data?.pages[0]?.total) },
          ]}
        />
        {shown === "users" ? <ColumnMenu choice={userColumns} /> : <ColumnMenu choice={invitationColumns} />}
      </div>
      {shown === "users" ? (
        <UsersList list={users} columns={userColumns.shown} search={search} onClear={clear} ownId={user?.id} />
      ) : (
        <InvitationsList list={invitations} columns={invitationColumns.shown} search={search} onClear={clear} onInvite={showInvite} />
      )}
      <Suspense>
        {inviting && (
          <InviteModal
            onClose={() => {
              setInviting(false);
            }}
          />
        )}
      </Suspense>
    </div>
  );
}
