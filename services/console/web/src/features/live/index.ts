export { LiveBanner } from "./LiveBanner";
export { LiveProvider } from "./LiveProvider";
export { LiveState } from "./LiveState";
export { useLiveChange } from "./useLiveChange";
export { useLiveRows } from "./useLiveRows";
