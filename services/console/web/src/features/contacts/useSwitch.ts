import { type InfiniteData, useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asProblem, type Problem } from "../../api/problem";
import { changeContact, type Contact, type ContactsPage, getContact } from "./api";
import { LISTS } from "./useContacts";

export type SwitchName = "proactive" | "reactive";

interface Turn {
  contact: Contact;
  field: SwitchName;
  on: boolean;
}

export interface Refusal {
  contact: Contact;
  field: SwitchName;
  problem: Problem;
}

/** Turns a switch at once, and back with a reason where the service refuses. */
export function useSwitch() {
  const client = useQueryClient();
  const [refusal, setRefusal] = useState<Refusal | null>(null);

  const show = (id: string, how: (row: Contact) => Contact) => {
    client.setQueriesData<InfiniteData<ContactsPage>>(
      { queryKey: LISTS },
      (data) => data && { ...data, pages: data.pages.map((page) => ({ ...page, items: page.items.map((row) => (row.id === id ? how(row) : row)) })) },
    );
  };

  const { mutate } = useMutation({
    // One after the other: of two quick turns the last one stands.
    scope: { id: "contact-switch" },
    mutationFn: ({ contact, field, on }: Turn) => changeContact(contact.id, { [field]: on }),
    onMutate: ({ contact, field, on }) => {
      setRefusal(null);
      show(contact.id, (row) => ({ ...row, [field]: on }));
    },
    onSuccess: (fresh) => {
      show(fresh.id, (row) => (fresh.rev >= row.rev ? fresh : row));
    },
    onError: async (error, { contact, field, on }) => {
      setRefusal({ contact, field, problem: asProblem(error) });
      // It may have been saved all the same: what the service says now is what is shown.
      const now = await getContact(contact.id).catch(() => null);
      show(contact.id, (row) => now ?? { ...row, [field]: !on });
    },
  });

  return {
    turn: mutate,
    refusal,
    dismiss: () => {
      setRefusal(null);
    },
  };
}
