import { Box, Button, type ButtonProps } from "@mantine/core";
import { IconColumns } from "@tabler/icons-react";
import type { ComponentPropsWithRef } from "react";
import { useWords } from "../words";

/** Takes what a popover gives to what opens it. */
export function ColumnButton(props: ButtonProps & ComponentPropsWithRef<"button">) {
  const { table } = useWords();
  return (
    <Button variant="default" fw={500} px="sm" aria-label={table.columns} {...props}>
      <IconColumns size={16} aria-hidden />
      <Box component="span" visibleFrom="xs" ms={8}>
        {table.columns}
      </Box>
    </Button>
  );
}
