import { lazy } from "react";

/** Comes after the list: nobody waits for it. */
export const ExportMenu = lazy(() => import("./ExportMenu"));
