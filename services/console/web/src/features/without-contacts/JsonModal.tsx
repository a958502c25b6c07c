import { Group, Modal, Skeleton, Stack } from "@mantine/core";
import { useParams } from "react-router";
import { CopyButton } from "../../ui/CopyButton";
import { useFocusBack } from "../../ui/useFocusBack";
import { useWords } from "../../words";
import { useClose } from "./useClose";
import { useVisitor } from "./useVisitor";
import { VisitorProblem } from "./VisitorProblem";
import classes from "./visitors.module.css";

/** The visitor exactly as the API gives it. */
export default function JsonModal() {
  const { id = "" } = useParams();
  const { visitors, app } = useWords();
  const close = useClose();
  useFocusBack(id);
  const visitor = useVisitor(id);
  const json = visitor.data && JSON.stringify(visitor.data, null, 2);
  return (
    <Modal opened returnFocus={false} onClose={close} title={visitors.jsonTitle} size="lg" styles={{ title: { fontWeight: 600 } }} closeButtonProps={{ "aria-label": app.close }}>
      {json ? (
        <Stack gap="xs">
          <Group justify="flex-end">
            <CopyButton text={json} label={visitors.copyJson} />
          </Group>
          <pre className={classes.json} dir="ltr" tabIndex={0} data-testid="json">
            {json}
          </pre>
        </Stack>
      ) : visitor.error ? (
        <VisitorProblem error={visitor.error} retry={() => void visitor.refetch()} />
      ) : (
        <Skeleton height={320} />
      )}
    </Modal>
  );
}
