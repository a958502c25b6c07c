import { lazy } from "react";

export { SaveAsSegment } from "./SaveAsSegment";
export { useSelectable } from "./SelectColumn";
export { useSelection } from "./selection";
export { SelectionBar } from "./SelectionBar";

/** Comes after the list: nobody waits for it. */
export const ExportMenu = lazy(() => import("./ExportMenu"));
