import { LabelsPage } from "./LabelsPage";

export default function GroupsPage() {
  return <LabelsPage kind="group" />;
}
