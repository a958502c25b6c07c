import { LabelsPage } from "./LabelsPage";

export default function TagsPage() {
  return <LabelsPage kind="tag" />;
}
