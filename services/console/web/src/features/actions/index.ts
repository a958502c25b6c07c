export { SaveAsSegment } from "./SaveAsSegment";
export { useSelectable } from "./SelectColumn";
export { useSelection } from "./selection";
export { SelectionBar } from "./SelectionBar";
