import { Skeleton } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { asProblem } from "../../api/problem";
import { Blank } from "../../ui/Blank";
import { Failure } from "../../ui/Failure";
import { Side } from "../../ui/Side";
import { useWords } from "../../words";
import { useMayEditPeople } from "../session";
import { addContact } from "./api";
import { ContactForm, type Entry } from "./ContactForm";
import { useClose } from "./useClose";
import { LISTS, useConnections } from "./useContacts";

/** Adds somebody who has not written yet, at /audiences/chat/contacts/new. */
export default function AddContact() {
  const { contacts, errors } = useWords();
  const close = useClose();
  const client = useQueryClient();
  const mayEdit = useMayEditPeople();
  const connections = useConnections();
  const add = useMutation({
    mutationFn: ({ connection_id, name, contact_id, external_code, language, proactive, reactive }: Entry) =>
      addContact({
        connection_id: connection_id ?? "",
        contact_id,
        name: name.trim() || null,
        external_code: external_code.trim() || null,
        language,
        proactive,
        reactive,
      }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: LISTS });
      close();
    },
  });
  const offered = connections.data?.filter(({ enabled }) => enabled) ?? [];
  const [only] = offered;
  return (
    <Side rowId="" title={contacts.add} onClose={close} holds={mayEdit}>
      {!mayEdit ? (
        <Blank title={errors.forbiddenTitle} text={errors.forbidden} />
      ) : connections.error ? (
        <Failure error={connections.error} retry={() => void connections.refetch()} />
      ) : !connections.data ? (
        <Skeleton height={320} />
      ) : offered.length === 0 ? (
        <Blank title={contacts.noConnectionsTitle} text={contacts.noConnections} />
      ) : (
        <ContactForm
          start={{ name: "", contact_id: "", external_code: "", language: null, connection_id: only && offered.length === 1 ? only.id : null, proactive: true, reactive: true }}
          connections={offered}
          saved={false}
          problem={add.error ? asProblem(add.error) : null}
          pending={add.isPending}
          onSave={(entry) => {
            add.mutate(entry);
          }}
          onCancel={close}
        />
      )}
    </Side>
  );
}
