import { Alert, Button, Menu } from "@mantine/core";
import { IconDotsVertical, IconFileDownload, IconUserX } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { asProblem } from "../../api/problem";
import { explained } from "../../ui/Failure";
import { useWords } from "../../words";
import { usePrivacyWords } from "../../words/privacy";
import { useSession } from "../session";
import { gatherData, keepAsFile } from "./api";

const EraseModal = lazy(() => import("./EraseModal"));

/** What an admin may do about a person's data: take it all away as a file, or erase it. */
export default function PersonMenu({ id, name }: { id: string; name: string }) {
  const say = usePrivacyWords();
  const words = useWords();
  const { user } = useSession();
  const [erases, setErases] = useState(false);
  const gathering = useMutation({
    mutationFn: () => gatherData(id),
    onSuccess: (content) => {
      keepAsFile(`${id}.json`, content);
    },
  });
  if (!user?.scopes.includes("people:privacy")) return null;
  return (
    <div>
      <Menu position="bottom-end" shadow="md" withinPortal withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <Button variant="default" size="xs" loading={gathering.isPending} leftSection={<IconDotsVertical size={16} aria-hidden />}>
            {say.menu}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconFileDownload size={16} aria-hidden />}
            onClick={() => {
              gathering.mutate();
            }}
          >
            {say.download}
          </Menu.Item>
          <Menu.Item
            style={{ color: "var(--mantine-color-error)" }}
            leftSection={<IconUserX size={16} aria-hidden />}
            onClick={() => {
              setErases(true);
            }}
          >
            {say.erase}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {gathering.error && (
        <Alert role="alert" color="red" variant="light" mt="xs" title={explained(asProblem(gathering.error), words).title}>
          {explained(asProblem(gathering.error), words).text}
        </Alert>
      )}
      {erases && (
        <Suspense>
          <EraseModal
            id={id}
            name={name}
            onClose={() => {
              setErases(false);
            }}
          />
        </Suspense>
      )}
    </div>
  );
}
