import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { useState } from "react";
import { asProblem, type Problem } from "../../api/problem";
import { QUEUES_KEY, type Queue, type QueueDraft } from "../../api/queues";
import { addQueue, changeQueue, deleteQueue } from "./api";
import { written } from "./draft";
import { useReadAgain } from "./useQueue";

interface Hearing {
  onSaved: (queue: Queue) => void;
  onRefused: () => void;
}

interface Wanted {
  draft: QueueDraft;
  rev: number;
}

/** Saves a queue as it was read; where somebody was faster, `newer` is what they made of it. */
export function useSaving(queue: Queue | null, { onSaved, onRefused }: Hearing) {
  const client = useQueryClient();
  const go = useNavigate();
  const readAgain = useReadAgain();
  // What others save meanwhile is read for the page's head, but what is edited here began with this.
  const [rev, setRev] = useState(queue?.rev ?? 0);
  const [newer, setNewer] = useState<Queue | null>(null);
  const [saved, setSaved] = useState(false);
  const saving = useMutation({
    mutationFn: ({ draft, rev: from }: Wanted) => (queue ? changeQueue(queue.id, from, draft) : addQueue(draft)),
    onSuccess: async (fresh) => {
      client.setQueryData([...QUEUES_KEY, "one", fresh.id], fresh);
      setRev(fresh.rev);
      setNewer(null);
      setSaved(true);
      onSaved(fresh);
      await readAgain();
    },
    onError: (error) => {
      setNewer(newerOf(asProblem(error)));
      onRefused();
    },
  });
  const removing = useMutation({
    mutationFn: () => (queue ? deleteQueue(queue.id) : Promise.resolve()),
    onSuccess: () => {
      void go("/queues/hours");
      void readAgain();
    },
  });
  return {
    save: (draft: QueueDraft, languages: readonly string[], from: number = rev) => {
      if (!saving.isPending) saving.mutate({ draft: written(draft, languages), rev: from });
    },
    touched: () => {
      setSaved(false);
    },
    taken: () => {
      if (newer) setRev(newer.rev);
      setNewer(null);
      saving.reset();
    },
    pending: saving.isPending,
    refusal: saving.error,
    problem: saving.error ? asProblem(saving.error) : null,
    saved,
    newer,
    remove: () => {
      removing.mutate();
    },
    removing: removing.isPending,
    removeError: removing.error,
  };
}

/** The version that a 409 for an old `rev` shows. */
function newerOf(problem: Problem): Queue | null {
  const found = problem.more.newer;
  return problem.status === 409 && typeof found === "object" && found !== null ? (found as Queue) : null;
}
