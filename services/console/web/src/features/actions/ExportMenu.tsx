import { Button, Menu, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { asProblem } from "../../api/problem";
import { explained } from "../../ui/Failure";
import { numberText } from "../../ui/times";
import { useSpeech } from "../../words";
import { useJobWords } from "../../words/jobs";
import { useSession } from "../session";
import type { ChosenProps } from "./Chosen";
import { exportClients, type FileKind } from "./exportClients";
import { useSelected } from "./selection";

/** Exports who is chosen in a list, or else all that its filter lets through. */
export default function ExportMenu({ selection, filter, total }: Pick<ChosenProps, "selection" | "filter" | "total">) {
  const { words, locale } = useSpeech();
  const say = useJobWords();
  const { user } = useSession();
  const { ids, all } = useSelected(selection);
  const some = !all && ids.size > 0;
  const exporting = useMutation({ mutationFn: (kind: FileKind) => exportClients(kind, some ? { ids: [...ids] } : { filter }) });
  const text = numberText(some ? ids.size : total.count, locale);
  if (!user?.scopes.includes("people:export")) return null;
  return (
    <div>
      <Menu position="bottom-end" shadow="md" withinPortal withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <Button variant="default" loading={exporting.isPending} leftSection={<IconDownload size={16} aria-hidden />}>
            {words.clients.export}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{some ? say.selected(text) : say.allMatching(total.exact ? text : words.table.atLeast(text))}</Menu.Label>
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
