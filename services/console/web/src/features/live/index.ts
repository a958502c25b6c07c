export { LiveBanner } from "./LiveBanner";
export { LiveProvider } from "./LiveProvider";
export { LiveState } from "./LiveState";
export type { Read } from "./plan";
export { renewed } from "./rows";
export { useLiveChange } from "./useLiveChange";
export { useLiveRows } from "./useLiveRows";
