export { LiveBanner } from "./LiveBanner";
export { LiveProvider, useLive } from "./LiveProvider";
export { LiveState } from "./LiveState";
export type { LiveEvent } from "./protocol";
export type { Read } from "./plan";
export { Gatherer } from "./gather";
export { renewed } from "./rows";
export { useLiveChange } from "./useLiveChange";
export { useLiveRows } from "./useLiveRows";
