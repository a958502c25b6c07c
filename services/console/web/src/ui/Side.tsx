import { Drawer, useDirection } from "@mantine/core";
import type { ReactNode } from "react";
import { useWords } from "../words";
import { useFocusBack } from "./useFocusBack";

interface Props {
  title: ReactNode;
  /** The row that this is about. */
  rowId: string;
  onClose: () => void;
  /** A click beside it leaves it open: what was typed would be lost. */
  holds?: boolean;
  children: ReactNode;
}

/** A drawer at the end side with an address of its own. Closing gives the focus back to where it was. */
export function Side({ title, rowId, onClose, holds = false, children }: Props) {
  const { app } = useWords();
  const { dir } = useDirection();
  useFocusBack(rowId);
  return (
    <Drawer
      opened
      returnFocus={false}
      onClose={onClose}
      closeOnClickOutside={!holds}
      position={dir === "rtl" ? "left" : "right"}
      size="lg"
      padding="lg"
      title={title}
      overlayProps={{ backgroundOpacity: 0.25 }}
      closeButtonProps={{ "aria-label": app.close }}
      styles={{ title: { minInlineSize: 0, fontSize: "1.125rem", fontWeight: 600 }, header: { alignItems: "flex-start" } }}
    >
      {children}
    </Drawer>
  );
}
