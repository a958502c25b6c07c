import { lazy } from "react";

/** Comes with the card that shows it, and only for whoever opens one. */
export const PersonMenu = lazy(() => import("./PersonMenu"));
