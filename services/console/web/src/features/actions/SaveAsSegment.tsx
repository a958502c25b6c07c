import { Button } from "@mantine/core";
import { IconFolderPlus } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import type { Rule } from "../../api/labels";
import { useWords } from "../../words";
import { useMayEditPeople } from "../session";

const SegmentModal = lazy(() => import("./SegmentModal"));

/** Keeps what a list is filtered by as a segment. */
export function SaveAsSegment({ filter }: { filter: Rule }) {
  const { table: say } = useWords();
  const mayEdit = useMayEditPeople();
  const [asking, setAsking] = useState(false);
  if (!mayEdit) return null;
  return (
    <>
      <Button
        variant="subtle"
        leftSection={<IconFolderPlus size={16} aria-hidden />}
        onClick={() => {
          setAsking(true);
        }}
      >
        {say.saveFilter}
      </Button>
      <Suspense>
        {asking && (
          <SegmentModal
            filter={filter}
            onClose={() => {
              setAsking(false);
            }}
          />
        )}
      </Suspense>
    </>
  );
}
