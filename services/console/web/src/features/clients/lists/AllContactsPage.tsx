import { IconAddressBook } from "@tabler/icons-react";
import { useMemo } from "react";
import { Blank } from "../../../ui/Blank";
import { Channel } from "../../../ui/channels";
import type { Column } from "../../../ui/columns";
import { Cut } from "../../../ui/Cut";
import { languageName } from "../../../ui/languages";
import { Time } from "../../../ui/Time";
import { useSpeech } from "../../../words";
import { usePeopleWords } from "../../../words/people";
import type { Client } from "../getClients";
import { Name, Names, Preview, Tags, Value } from "./cells";
import { PeoplePage } from "./PeoplePage";

export const ALL_CONTACTS = "/contacts";

/** Contacts → All contacts: the same clients, with what is kept of each contact. */
export default function AllContactsPage() {
  const { all } = usePeopleWords();
  return (
    <PeoplePage
      base={ALL_CONTACTS}
      table="all-contacts"
      title={all.title}
      about={all.about}
      columns={useColumns()}
      empty={<Blank icon={<IconAddressBook size={32} stroke={1.5} />} title={all.emptyTitle} text={all.empty} />}
    />
  );
}

function useColumns(): Column<Client>[] {
  const { columns } = usePeopleWords();
  const { locale } = useSpeech();
  return useMemo(
    () => [
      { id: "name", title: columns.name, width: 184, narrow: 148, always: true, pin: "start", render: (client) => <Name client={client} base={ALL_CONTACTS} /> },
      { id: "email", title: columns.email, width: 180, render: (client) => <Value text={client.email} verified={client.email_verified} /> },
      { id: "phone", title: columns.phone, width: 148, render: (client) => <Value text={client.phone} verified={client.phone_verified} /> },
      { id: "key", title: columns.contactKey, width: 124, render: (client) => client.contact_key && <Cut>{client.contact_key}</Cut> },
      { id: "language", title: columns.language, width: 108, wide: true, render: ({ language }) => language && languageName(language, locale) },
      { id: "segments", title: columns.segments, width: 140, wide: true, render: ({ segments }) => <Names of={segments} /> },
      { id: "groups", title: columns.groups, width: 140, wide: true, render: ({ groups }) => <Names of={groups} /> },
      { id: "tags", title: columns.tags, width: 200, wide: true, render: ({ tags }) => <Tags tags={tags} /> },
      { id: "source", title: columns.source, width: 168, wide: true, render: ({ source }) => source && <Channel badge channel={source} /> },
      { id: "created", title: columns.created, width: 120, wide: true, render: (client) => <Time at={client.created_at} /> },
      { id: "preview", title: columns.preview, width: 76, always: true, pin: "end", render: (client) => <Preview client={client} base={ALL_CONTACTS} /> },
    ],
    [columns, locale],
  );
}
