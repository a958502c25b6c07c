import { createContext, use } from "react";
import type { QueueDraft } from "../../api/queues";

export interface Editing {
  draft: QueueDraft;
  change: (part: Partial<QueueDraft>) => void;
  /** What the service found wrong at a place such as `hours.0.1.closes`. */
  wrong: (place: string) => string | undefined;
  /** By tag; the first is for everybody else. */
  languages: readonly string[];
}

export const EditingContext = createContext<Editing | null>(null);

/** The queue that is being edited, for the parts of its form. */
export function useEditing(): Editing {
  const editing = use(EditingContext);
  if (!editing) throw new Error("useEditing needs an EditingContext above it");
  return editing;
}
