import { IconEye, IconRosetteDiscountCheckFilled } from "@tabler/icons-react";
import { useMemo } from "react";
import { Link, useSearchParams } from "react-router";
import { Channel, ChannelIcon } from "../../ui/channels";
import type { Column } from "../../ui/columns";
import { Cut } from "../../ui/Cut";
import { useActiveRow } from "../../ui/Row";
import { Time } from "../../ui/Time";
import { useWords } from "../../words";
import classes from "./clients.module.css";
import type { Client } from "./getClients";
import { fullName } from "./names";
import { RegisteredMark } from "./RegisteredMark";

export function useColumns(): Column<Client>[] {
  const { clients } = useWords();
  return useMemo(() => {
    const { columns } = clients;
    return [
      { id: "name", title: columns.name, width: 186, narrow: 148, always: true, pin: "start", render: (client) => <Name client={client} /> },
      {
        id: "registered",
        title: columns.registered,
        help: clients.registeredHelp,
        width: 204,
        render: (client) => <RegisteredMark registered={client.registered} />,
      },
      { id: "email", title: columns.email, width: 146, wide: true, render: (client) => <Value text={client.email} verified={client.email_verified} /> },
      { id: "phone", title: columns.phone, width: 146, render: (client) => <Value text={client.phone} verified={client.phone_verified} /> },
      { id: "source", title: columns.source, width: 136, wide: true, render: ({ source }) => source && <Channel badge channel={source} /> },
      { id: "channels", title: columns.channels, width: 94, wide: true, render: (client) => <Channels client={client} /> },
      { id: "created", title: columns.created, width: 120, wide: true, render: (client) => <Time at={client.created_at} /> },
      { id: "preview", title: "", width: 56, narrow: 56, always: true, pin: "end", render: (client) => <Preview client={client} /> },
    ];
  }, [clients]);
}

function Name({ client }: { client: Client }) {
  const { clients } = useWords();
  const [params] = useSearchParams();
  const name = fullName(client);
  // The row is the keyboard's stop; the link serves the pointer and screen readers.
  return (
    <Link className={classes.name} tabIndex={-1} to={{ pathname: `/clients/${client.id}`, search: params.toString() }}>
      {name ? <Cut>{name}</Cut> : <span className={classes.nameless}>{clients.nameless}</span>}
    </Link>
  );
}

/** The contact preview icon. */
function Preview({ client }: { client: Client }) {
  const { clients } = useWords();
  const [params] = useSearchParams();
  const active = useActiveRow();
  const label = clients.preview(fullName(client) || clients.nameless);
  return (
    <Link className={classes.preview} tabIndex={active ? 0 : -1} to={{ pathname: `/clients/${client.id}`, search: params.toString() }} aria-label={label} data-tip={label}>
      <IconEye size={18} aria-hidden />
    </Link>
  );
}

function Value({ text, verified }: { text: string | null | undefined; verified: boolean | undefined }) {
  const { card } = useWords();
  if (!text) return null;
  return (
    <span className={classes.value}>
      <Cut>{text}</Cut>
      {verified && <IconRosetteDiscountCheckFilled size={15} role="img" aria-label={card.verified} data-tip={card.verified} />}
    </span>
  );
}

function Channels({ client }: { client: Client }) {
  const { channels } = useWords();
  return (
    <span className={classes.channels}>
      {client.chat_contacts.map(({ id, channel, contact_id }) => {
        const name = `${channels[channel] ?? channel} ${contact_id}`;
        return (
          <span key={id} role="img" aria-label={name} data-tip={name}>
            <ChannelIcon channel={channel} size={18} />
          </span>
        );
      })}
    </span>
  );
}
