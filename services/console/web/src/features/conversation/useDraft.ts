import { useState } from "react";

/** What was begun and not sent, kept for each chat as long as the tab is open. */
export function useDraft(id: string): [string, (text: string) => void] {
  const key = `kith.draft.${id}`;
  const [text, setText] = useState(() => {
    try {
      return sessionStorage.getItem(key) ?? "";
    } catch {
      return "";
    }
  });
  return [
    text,
    (next) => {
      setText(next);
      try {
        if (next) sessionStorage.setItem(key, next);
        else sessionStorage.removeItem(key);
      } catch {
        // Storage is forbidden here: the draft holds as long as the page.
      }
    },
  ];
}
