import { useEffect, useState } from "react";

/**
 * Gives the focus back to where it was before the component came, when it goes; to the row `rowId` when that
 * place is gone or was nowhere, as after opening the address directly.
 */
export function useFocusBack(rowId: string): void {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      // After the drawer's own handling of the focus, and after the list is free to take it.
      setTimeout(() => {
        const known = before instanceof HTMLElement && before.isConnected && before !== document.body ? before : null;
        const place = known ?? document.querySelector<HTMLElement>(`tr[data-row="${CSS.escape(rowId)}"]`);
        place?.focus({ preventScroll: true });
      });
    },
    [before, rowId],
  );
}
