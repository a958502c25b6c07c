import { Button, Menu, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { asProblem } from "../../api/problem";
import { explained } from "../../ui/Failure";
import { useWords } from "../../words";
import { useSession } from "../session";
import { type Asked, exportClients } from "./exportClients";

/** Exports all that a list shows, in the order it shows them. */
export default function ExportMenu({ asked }: { asked: Asked }) {
  const words = useWords();
  const { user } = useSession();
  const exporting = useMutation({ mutationFn: (kind: "csv" | "ndjson") => exportClients(kind, asked) });
  if (!user?.scopes.includes("people:export")) return null;
  return (
    <div>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Button variant="default" loading={exporting.isPending} leftSection={<IconDownload size={16} aria-hidden />}>
            {words.clients.export}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            onClick={() => {
              exporting.mutate("csv");
            }}
          >
            {words.clients.exportCsv}
          </Menu.Item>
          <Menu.Item
            onClick={() => {
              exporting.mutate("ndjson");
            }}
          >
            {words.clients.exportJson}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {exporting.error && (
        <Text role="alert" size="sm" c="red">
          {explained(asProblem(exporting.error), words).text}
        </Text>
      )}
    </div>
  );
}
