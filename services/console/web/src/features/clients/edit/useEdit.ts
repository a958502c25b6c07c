import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { asProblem } from "../../../api/problem";
import type { ClientCard } from "../getClient";
import { changeClient, makeTag } from "./api";
import { changes, type Draft, differing, draftOf } from "./draft";
import { NEW } from "./Labels";

/** Saves what differs from how editing began; who changed it meanwhile is shown instead, and nothing is lost. */
export function useEdit(client: ClientCard, onSaved: (fresh: ClientCard) => void) {
  // Read once: what is typed is not overwritten by what comes in live.
  const [base, setBase] = useState(client);
  const [theirs, setTheirs] = useState<ClientCard | null>(null);
  const start = draftOf(base);
  const saving = useMutation({
    mutationFn: async ({ draft, from }: { draft: Draft; from: ClientCard }) => {
      const before = draftOf(from);
      const named = { ...draft, tags: await Promise.all(draft.tags.map(async (tag) => (tag.id.startsWith(NEW) ? makeTag(tag.name) : tag))) };
      const edit = changes(before, named);
      return Object.keys(edit).length === 0 ? from : changeClient(client.id, { ...edit, rev: from.rev });
    },
    onSuccess: onSaved,
    onError: (error) => {
      const { kind, more } = asProblem(error);
      if (kind === "changed-meanwhile") setTheirs(more.current as ClientCard);
    },
  });
  const problem = saving.error ? asProblem(saving.error) : null;
  return {
    start,
    theirs,
    problem,
    pending: saving.isPending,
    heldBy: typeof problem?.more.client_id === "string" ? problem.more.client_id : null,
    differs: (draft: Draft) => differing(start, draft).length > 0,
    save: (draft: Draft) => {
      saving.mutate({ draft, from: base });
    },
    /** Saves what was chosen of both. */
    settle: (chosen: Draft) => {
      if (!theirs) return;
      setBase(theirs);
      setTheirs(null);
      saving.mutate({ draft: chosen, from: theirs });
    },
    /** Takes in what the user themselves changed beside the form: with nothing else in between, that is no conflict. */
    adopt: (fresh: ClientCard) => {
      if (fresh.rev === base.rev + 1) setBase({ ...base, rev: fresh.rev });
    },
    back: () => {
      setTheirs(null);
      saving.reset();
    },
  };
}
