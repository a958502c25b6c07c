import { Alert, Button, Group } from "@mantine/core";
import { IconAddressBook, IconUserPlus } from "@tabler/icons-react";
import { useCallback, useMemo } from "react";
import { Link, Outlet, useNavigate, useSearchParams } from "react-router";
import { Blank } from "../../ui/Blank";
import { ColumnMenu } from "../../ui/ColumnMenu";
import { useColumnChoice } from "../../ui/columns";
import { explained } from "../../ui/Failure";
import classes from "../../ui/ListPage.module.css";
import { PageHead } from "../../ui/PageHead";
import { PeopleList } from "../../ui/PeopleList";
import { SearchBox } from "../../ui/SearchBox";
import { uniqueRows } from "../../ui/uniqueRows";
import { useWords } from "../../words";
import { LiveState } from "../live";
import { useMayEditPeople } from "../session";
import type { Contact } from "./api";
import { ContactFilters } from "./ContactFilters";
import { type Filters, useFilters } from "./filters";
import { useColumns } from "./useColumns";
import { useConnections, useContacts } from "./useContacts";
import { type Refusal, type SwitchName, useSwitch } from "./useSwitch";

const NOBODY: ReadonlySet<string> = new Set();

/** Audiences → Chat → Contacts: every chat contact of the workspace, and what may be sent to each. */
export default function ContactsPage() {
  const { contacts } = useWords();
  const [filters, setFilters] = useFilters();
  const [params] = useSearchParams();
  const mayEdit = useMayEditPeople();
  const { list, live, total } = useContacts(filters);
  const { turn, refusal, dismiss } = useSwitch();
  const { data: connections } = useConnections();
  const several = useMemo(() => {
    const channels = connections?.map(({ channel }) => channel) ?? [];
    return channels.length ? new Set(channels.filter((channel, place) => channels.indexOf(channel) !== place)) : NOBODY;
  }, [connections]);
  const onTurn = useCallback(
    (contact: Contact, field: SwitchName, on: boolean) => {
      turn({ contact, field, on });
    },
    [turn],
  );
  const choice = useColumnChoice("contacts", useColumns(several, mayEdit ? onTurn : null));
  const go = useNavigate();
  const rows = useMemo(() => uniqueRows(list.data?.pages ?? []), [list.data]);
  const adding = { pathname: "/audiences/chat/contacts/new", search: params.toString() };

  return (
    <div className={classes.page}>
      <PageHead title={contacts.title} about={contacts.about}>
        <Group gap="md" wrap="nowrap">
          <LiveState />
          {mayEdit && (
            <Button component={Link} to={adding} color="blue.8" leftSection={<IconUserPlus size={16} aria-hidden />}>
              {contacts.add}
            </Button>
          )}
        </Group>
      </PageHead>
      <div className={classes.bar}>
        <SearchBox
          label={contacts.search}
          value={filters.search}
          onSearch={(search) => {
            setFilters({ search });
          }}
        />
        <ContactFilters filters={filters} channels={connections?.map(({ channel }) => channel) ?? []} onChange={setFilters} />
        <ColumnMenu choice={choice} />
      </div>
      {refusal && <Refused refusal={refusal} onClose={dismiss} />}
      <PeopleList
        label={contacts.title}
        list={list}
        rows={rows}
        columns={choice.shown}
        live={live}
        total={total}
        tall={several.size > 0}
        onOpen={({ id }) => void go({ pathname: `/audiences/chat/contacts/${id}`, search: params.toString() })}
        empty={<Nobody filters={filters} onChange={setFilters} />}
      />
      <Outlet />
    </div>
  );
}

function Refused({ refusal: { contact, field, problem }, onClose }: { refusal: Refusal; onClose: () => void }) {
  const words = useWords();
  const { contacts, app } = words;
  const { title, text } = explained(problem, words);
  return (
    <Alert color="red" variant="light" role="alert" withCloseButton closeButtonLabel={app.close} onClose={onClose} title={contacts.refused(contacts.columns[field], contact.name ?? contact.contact_id)}>
      {problem.detail ? text : `${title}. ${text}`}
    </Alert>
  );
}

function Nobody({ filters, onChange }: { filters: Filters; onChange: (changes: Partial<Filters>) => void }) {
  const { contacts } = useWords();
  const { search, ...others } = filters;
  const clear = {
    label: contacts.showAll,
    onClick: () => {
      onChange({ search: "", channel: null, proactive: null, reactive: null });
    },
  };
  if (search) return <Blank title={contacts.nobodyTitle(search)} text={contacts.nobody} action={clear} />;
  if (Object.values(others).some((value) => value !== null)) return <Blank title={contacts.emptyFilterTitle} text={contacts.emptyFilter} action={clear} />;
  return <Blank icon={<IconAddressBook size={32} stroke={1.5} />} title={contacts.emptyTitle} text={contacts.empty} />;
}
