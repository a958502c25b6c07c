import { IconPencil } from "@tabler/icons-react";
import { useMemo } from "react";
import { Link, useSearchParams } from "react-router";
import { Channel } from "../../ui/channels";
import type { Column } from "../../ui/columns";
import { Cut } from "../../ui/Cut";
import { LanguageName } from "../../ui/languages";
import { useActiveRow } from "../../ui/Row";
import { useWords } from "../../words";
import type { Contact } from "./api";
import classes from "./contacts.module.css";
import { RowSwitch } from "./Switches";
import type { SwitchName } from "./useSwitch";

type OnTurn = ((contact: Contact, field: SwitchName, on: boolean) => void) | null;

/** `several` are the channels on which the workspace has more than one connection: there it is said which. */
export function useColumns(several: ReadonlySet<string>, onTurn: OnTurn): Column<Contact>[] {
  const { contacts } = useWords();
  return useMemo(() => {
    const { columns } = contacts;
    const found: Column<Contact>[] = [
      { id: "name", title: columns.name, width: 168, narrow: 132, always: true, pin: "start", render: (contact) => <Name contact={contact} /> },
      { id: "contact-id", title: columns.contactId, width: 136, render: ({ contact_id }) => <Cut>{contact_id}</Cut> },
      { id: "external-code", title: columns.externalCode, width: 120, wide: true, render: ({ external_code }) => external_code && <Cut>{external_code}</Cut> },
      { id: "channel", title: columns.channel, width: 134, wide: true, render: (contact) => <Where contact={contact} named={several.has(contact.channel)} /> },
      { id: "language", title: columns.language, width: 100, wide: true, render: ({ language }) => language && <LanguageName code={language} /> },
      { id: "proactive", title: columns.proactive, help: contacts.proactive.help, width: 172, render: (contact) => <RowSwitch contact={contact} field="proactive" onTurn={onTurn} /> },
      { id: "reactive", title: columns.reactive, help: contacts.reactive.help, width: 166, render: (contact) => <RowSwitch contact={contact} field="reactive" onTurn={onTurn} /> },
    ];
    if (onTurn) found.push({ id: "edit", title: columns.edit, width: 64, always: true, pin: "end", render: (contact) => <Edit contact={contact} /> });
    return found;
  }, [contacts, several, onTurn]);
}

function Name({ contact }: { contact: Contact }) {
  const { contacts } = useWords();
  return contact.name ? <Cut className={classes.name ?? ""}>{contact.name}</Cut> : <span className={classes.quiet}>{contacts.nameless}</span>;
}

function Where({ contact, named }: { contact: Contact; named: boolean }) {
  const connection = contact.connection_name ?? contact.connection_username;
  return (
    <span className={classes.where}>
      <Channel channel={contact.channel} />
      {named && connection && <Cut className={classes.quiet ?? ""}>{contact.connection_username ? `${connection} (@${contact.connection_username})` : connection}</Cut>}
    </span>
  );
}

function Edit({ contact }: { contact: Contact }) {
  const { contacts } = useWords();
  const [params] = useSearchParams();
  const label = contacts.editOf(contact.name ?? contact.contact_id);
  return (
    <Link
      className={classes.edit}
      to={{ pathname: `/audiences/chat/contacts/${contact.id}`, search: params.toString() }}
      tabIndex={useActiveRow() ? 0 : -1}
      aria-label={label}
      data-tip={label}
    >
      <IconPencil size={18} stroke={1.75} aria-hidden />
    </Link>
  );
}
