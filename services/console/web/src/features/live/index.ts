export { LiveBanner } from "./LiveBanner";
export { LiveProvider } from "./LiveProvider";
export { LiveState } from "./LiveState";
export type { Read } from "./plan";
export { useLiveChange } from "./useLiveChange";
export { useLiveRows } from "./useLiveRows";
