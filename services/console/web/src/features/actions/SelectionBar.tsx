import { lazy, Suspense } from "react";
import type { ChosenProps } from "./Chosen";
import { useSelected } from "./selection";

const Chosen = lazy(() => import("./Chosen"));

/** Who is chosen, and what may be done to them; nothing, and nothing is fetched, while nobody is. */
export function SelectionBar(props: ChosenProps) {
  const { ids, all } = useSelected(props.selection);
  return <Suspense>{(all || ids.size > 0) && <Chosen {...props} />}</Suspense>;
}
