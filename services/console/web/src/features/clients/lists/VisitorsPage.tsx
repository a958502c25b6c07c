import { Anchor, Button } from "@mantine/core";
import { IconUserPlus, IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { Link, useSearchParams } from "react-router";
import { Blank } from "../../../ui/Blank";
import { Channel } from "../../../ui/channels";
import type { Column } from "../../../ui/columns";
import classes from "../../../ui/ListPage.module.css";
import { numberText } from "../../../ui/times";
import { useSpeech, useWords } from "../../../words";
import { usePeopleWords } from "../../../words/people";
import { useMayEditPeople } from "../../session";
import type { Client } from "../getClients";
import { Name, Preview, Tags, Value } from "./cells";
import { getWithoutProfile } from "./getWithoutProfile";
import { PeoplePage } from "./PeoplePage";

export const VISITORS = "/marketing/visitors";

/** Marketing → Visitors. */
export default function VisitorsPage() {
  const { visitors } = usePeopleWords();
  const [params] = useSearchParams();
  const mayEdit = useMayEditPeople();
  return (
    <PeoplePage
      base={VISITORS}
      table="visitors"
      title={visitors.title}
      about={visitors.about}
      columns={useColumns()}
      action={
        mayEdit && (
          <Button component={Link} to={{ pathname: `${VISITORS}/new`, search: params.toString() }} leftSection={<IconUserPlus size={16} aria-hidden />}>
            {visitors.create}
          </Button>
        )
      }
      note={<WithoutProfile />}
      empty={<Blank icon={<IconUsers size={32} stroke={1.5} />} title={visitors.emptyTitle} text={visitors.empty} />}
    />
  );
}

function useColumns(): Column<Client>[] {
  const { columns } = usePeopleWords();
  return useMemo(
    () => [
      { id: "name", title: columns.name, width: 194, narrow: 148, always: true, pin: "start", render: (client) => <Name client={client} base={VISITORS} /> },
      { id: "email", title: columns.email, width: 190, render: (client) => <Value text={client.email} verified={client.email_verified} /> },
      { id: "phone", title: columns.phone, width: 152, render: (client) => <Value text={client.phone} verified={client.phone_verified} /> },
      { id: "source", title: columns.source, width: 176, render: ({ source }) => source && <Channel badge channel={source} /> },
      { id: "tags", title: columns.tags, width: 260, render: ({ tags }) => <Tags tags={tags} /> },
      { id: "preview", title: columns.preview, width: 76, always: true, pin: "end", render: (client) => <Preview client={client} base={VISITORS} /> },
    ],
    [columns],
  );
}

/** How many wrote and have no profile: they are in no list of clients. */
function WithoutProfile() {
  const { visitors } = usePeopleWords();
  const { locale } = useSpeech();
  const { table } = useWords();
  const { data } = useQuery({ queryKey: ["visitors", "count"], queryFn: ({ signal }) => getWithoutProfile(signal), refetchInterval: 30_000 });
  if (!data || data.total === 0) return null;
  const text = numberText(data.total, locale);
  return (
    <p className={classes.note} data-testid="without-profile">
      {visitors.without(data.total, data.exact ? text : table.atLeast(text))}
      <Anchor component={Link} to="/clients/without-contacts">
        {visitors.seeWithout}
      </Anchor>
    </p>
  );
}
