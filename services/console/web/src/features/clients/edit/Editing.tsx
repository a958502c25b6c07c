import { createContext, use } from "react";
import type { Draft } from "./draft";

export interface Editing {
  draft: Draft;
  set: (change: Partial<Draft>) => void;
  /** What is wrong at a place such as `address.country` or `fields.size`. */
  wrong: (place: string) => string | undefined;
}

export const EditingContext = createContext<Editing | null>(null);

/** The profile that is being edited, for the parts of its form. */
export function useEditing(): Editing {
  const editing = use(EditingContext);
  if (!editing) throw new Error("useEditing needs an EditingContext above it");
  return editing;
}
