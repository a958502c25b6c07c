import { Skeleton } from "@mantine/core";
import { type InfiniteData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "react-router";
import { asProblem } from "../../api/problem";
import { Blank } from "../../ui/Blank";
import { Failure } from "../../ui/Failure";
import { Side } from "../../ui/Side";
import { useWords } from "../../words";
import { renewed } from "../live";
import { useMayEditPeople } from "../session";
import { changeContact, type Connection, type Contact, type ContactEdit, type ContactsPage, getContact } from "./api";
import { ContactForm, type Entry } from "./ContactForm";
import { useClose } from "./useClose";
import { LISTS, useConnections } from "./useContacts";

/** Edits a chat contact, at /audiences/chat/contacts/<id>; those who may only look see the same, without Save. */
export default function EditContact() {
  const { id = "" } = useParams();
  const { contacts } = useWords();
  const close = useClose();
  const client = useQueryClient();
  const mayEdit = useMayEditPeople();
  const connections = useConnections();
  // Read once, when it is opened: what is typed is not overwritten, and only what was changed is sent.
  const contact = useQuery({ queryKey: ["contacts", "one", id], queryFn: ({ signal }) => getContact(id, signal), gcTime: 0, staleTime: Infinity });
  const change = useMutation({
    mutationFn: (edit: ContactEdit) => changeContact(id, edit),
    onSuccess: (fresh) => {
      client.setQueriesData<InfiniteData<ContactsPage>>({ queryKey: LISTS }, (data) => data && renewed(data, [fresh]));
      close();
    },
  });
  const there = contact.data;
  return (
    <Side rowId={id} title={mayEdit ? contacts.edit : contacts.look} onClose={close} holds={mayEdit}>
      {there && connections.data ? (
        <ContactForm
          key={id}
          start={entryOf(there)}
          connections={withOwn(connections.data, there)}
          saved
          readOnly={!mayEdit}
          problem={change.error ? asProblem(change.error) : null}
          pending={change.isPending}
          onSave={(entry) => {
            const edit = changed(entryOf(there), entry);
            if (Object.keys(edit).length === 0) close();
            else change.mutate(edit);
          }}
          onCancel={close}
        />
      ) : contact.error ?? connections.error ? (
        <Unread error={contact.error ?? connections.error} retry={() => void Promise.all([contact.refetch(), connections.refetch()])} />
      ) : (
        <Skeleton height={320} />
      )}
    </Side>
  );
}

function Unread({ error, retry }: { error: unknown; retry: () => void }) {
  const { contacts } = useWords();
  if (asProblem(error).status === 404) return <Blank title={contacts.missingTitle} text={contacts.missing} />;
  return <Failure error={error} retry={retry} />;
}

function entryOf({ name, contact_id, external_code, language, connection_id, proactive, reactive }: Contact): Entry {
  return { name: name ?? "", contact_id, external_code: external_code ?? "", language: language ?? null, connection_id, proactive, reactive };
}

/** What differs from how it was; an emptied field is null. */
function changed(before: Entry, after: Entry): ContactEdit {
  const edit: ContactEdit = {};
  if (after.name.trim() !== before.name.trim()) edit.name = after.name.trim() || null;
  if (after.external_code.trim() !== before.external_code) edit.external_code = after.external_code.trim() || null;
  if (after.language !== before.language) edit.language = after.language;
  if (after.proactive !== before.proactive) edit.proactive = after.proactive;
  if (after.reactive !== before.reactive) edit.reactive = after.reactive;
  return edit;
}

/** The contact's own connection is shown even where it is gone by now. */
function withOwn(connections: Connection[], { connection_id, connection_name, channel }: Contact): Connection[] {
  if (connections.some(({ id }) => id === connection_id)) return connections;
  return [...connections, { id: connection_id, channel, name: connection_name ?? connection_id, username: null, enabled: false }];
}
