import type { RefObject } from "react";

/** Why a row is marked where it stands. A `gone` one leaves politely later; `clientId` says as whom it lives on. */
export type Mark = { is: "new" } | { is: "changed" } | { is: "gone"; clientId: string | null };

/** The elements around a table, by which it is known whether somebody is busy with it. */
export interface Surroundings {
  props: { onPointerEnter: () => void; onPointerLeave: () => void };
  rootRef: RefObject<HTMLDivElement | null>;
  viewportRef: RefObject<HTMLDivElement | null>;
}

/** What a table shows of the changes that reach it while it is looked at. */
export interface LiveRows {
  marks: ReadonlyMap<string, Mark>;
  /** New rows that wait to be asked for. */
  waiting: number;
  showWaiting: () => void;
  surroundings: Surroundings;
}
