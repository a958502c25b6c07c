import { lazy, Suspense } from "react";
import { ColumnButton } from "./ColumnButton";
import type { ColumnChoice } from "./columns";

const ColumnPopover = lazy(() => import("./ColumnPopover"));

/** Chooses columns; what opens over the page is fetched after the list is there. */
export function ColumnMenu<Record>({ choice }: { choice: ColumnChoice<Record> }) {
  return (
    <Suspense fallback={<ColumnButton aria-disabled />}>
      <ColumnPopover choice={choice} />
    </Suspense>
  );
}
