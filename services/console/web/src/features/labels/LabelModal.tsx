import { Modal } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { type Draft, type LabelKind, makeLabel } from "../../api/labels";
import { asProblem } from "../../api/problem";
import { useWords } from "../../words";
import { useLabelWords } from "../../words/labels";
import { LabelForm } from "./LabelForm";
import { useReadAgain } from "./useLabels";

const NEW: Record<LabelKind, Draft> = {
  tag: { name: "", description: "", color: "gray" },
  group: { name: "", description: "" },
  segment: { name: "", description: "", rule: null },
};

/** Makes a tag, a contact group or a segment. */
export default function LabelModal({ kind, onClose }: { kind: LabelKind; onClose: () => void }) {
  const { app } = useWords();
  const say = useLabelWords();
  const readAgain = useReadAgain();
  const [taken, setTaken] = useState(false);
  const making = useMutation({
    mutationFn: (draft: Draft) => makeLabel(kind, draft),
    onSuccess: async ({ isNew }) => {
      setTaken(!isNew);
      if (!isNew) return;
      await readAgain();
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={say.kinds[kind].add} size="lg" styles={{ title: { fontWeight: 600 } }} closeButtonProps={{ "aria-label": app.close }} closeOnClickOutside={false}>
      <LabelForm
        kind={kind}
        draft={NEW[kind]}
        isNew
        confirm={say.create}
        pending={making.isPending}
        problem={making.error ? asProblem(making.error) : null}
        taken={taken}
        onSave={(draft) => {
          making.mutate(draft);
        }}
        onCancel={onClose}
      />
    </Modal>
  );
}
