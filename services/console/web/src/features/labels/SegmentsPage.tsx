import { LabelsPage } from "./LabelsPage";

export default function SegmentsPage() {
  return <LabelsPage kind="segment" />;
}
