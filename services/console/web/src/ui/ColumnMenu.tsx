import { Box, Button, Checkbox, Popover, Stack } from "@mantine/core";
import { IconColumns } from "@tabler/icons-react";
import { useWords } from "../words";
import type { ColumnChoice } from "./columns";

export function ColumnMenu<Record>({ choice }: { choice: ColumnChoice<Record> }) {
  const { table } = useWords();
  return (
    <Popover position="bottom-end" trapFocus returnFocus shadow="md" withinPortal>
      <Popover.Target>
        <Button variant="default" fw={500} px="sm" aria-label={table.columns}>
          <IconColumns size={16} aria-hidden />
          <Box component="span" visibleFrom="xs" ms={8}>
            {table.columns}
          </Box>
        </Button>
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
