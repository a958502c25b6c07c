import { IconArrowBackUp, IconCheck, IconClipboardCheck, IconFileUpload, IconLoader, IconPlayerStop, IconX } from "@tabler/icons-react";
import { StateMark } from "../../ui/StateMark";
import { useImportWords } from "../../words/imports";
import type { Import } from "./api";

const MARKS = {
  uploaded: { icon: IconFileUpload },
  checking: { icon: IconLoader },
  checked: { icon: IconClipboardCheck },
  running: { icon: IconLoader },
  done: { icon: IconCheck, tone: "good" },
  cancelled: { icon: IconPlayerStop },
  undoing: { icon: IconLoader },
  undone: { icon: IconArrowBackUp },
  failed: { icon: IconX, tone: "bad" },
} as const;

/** How far an import is. */
export function StatusMark({ status }: { status: Import["status"] }) {
  const say = useImportWords();
  const mark: { icon: (typeof MARKS)[typeof status]["icon"]; tone?: "good" | "bad" } = MARKS[status];
  return (
    <StateMark icon={mark.icon} tone={mark.tone}>
      {say.statuses[status]}
    </StateMark>
  );
}
