import { Button } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useSpeech } from "../../../words";
import { useProfileWords } from "../../../words/profile";

interface Props<Item> {
  items: readonly Item[];
  /** So many are shown at first. */
  first: number;
  children: (item: Item) => ReactNode;
}

/** A list that may be long: its beginning, and the rest when asked for. */
export function Many<Item>({ items, first, children }: Props<Item>) {
  const { locale } = useSpeech();
  const say = useProfileWords();
  const [all, setAll] = useState(false);
  const rest = items.length - first;
  return (
    <>
      {(all ? items : items.slice(0, first)).map(children)}
      {rest > 0 && (
        <Button
          size="compact-xs"
          variant="subtle"
          aria-expanded={all}
          onClick={() => {
            setAll(!all);
          }}
        >
          {all ? say.fewer : say.moreValues(rest.toLocaleString(locale))}
        </Button>
      )}
    </>
  );
}
