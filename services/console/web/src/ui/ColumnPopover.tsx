import { Button, Checkbox, Popover, Stack } from "@mantine/core";
import { useWords } from "../words";
import { ColumnButton } from "./ColumnButton";
import type { ColumnChoice } from "./columns";

/** Which columns are shown. A default export cannot be generic: which rows they are of does not matter here. */
export default function ColumnPopover({ choice }: { choice: Pick<ColumnChoice<never>, "all" | "isShown" | "set" | "reset"> }) {
  const { table } = useWords();
  return (
    <Popover position="bottom-end" trapFocus returnFocus shadow="md" withinPortal>
      <Popover.Target>
        <ColumnButton />
      </Popover.Target>
      <Popover.Dropdown aria-label={table.columnsHelp}>
        <Stack gap="xs">
          {choice.all.map((column) => (
            <Checkbox
              key={column.id}
              size="sm"
              label={column.title}
              checked={choice.isShown(column.id)}
              disabled={column.always ?? false}
              onChange={(event) => {
                choice.set(column.id, event.currentTarget.checked);
              }}
            />
          ))}
          <Button variant="subtle" size="compact-sm" onClick={choice.reset}>
            {table.resetColumns}
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
