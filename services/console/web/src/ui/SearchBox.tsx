import { CloseButton, Kbd, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { useWords } from "../words";
import classes from "./SearchBox.module.css";

const PAUSE_MS = 250;

interface Props {
  label: string;
  hint?: string;
  value: string;
  onSearch: (value: string) => void;
}

/** The page's search: `/` goes to it, Escape clears it; searches when the typing pauses. */
export function SearchBox({ label, hint, value, onSearch }: Props) {
  const { table } = useWords();
  const [typed, setTyped] = useState(value);
  const [known, setKnown] = useState(value);
  const [sent, setSent] = useState(value);
  const input = useRef<HTMLInputElement>(null);
  const search = (wanted: string) => {
    setSent(wanted);
    onSearch(wanted);
  };
  const searchLater = useEffectEvent(search);

  // The address changed by other means than this box: back, a link, "Clear the search".
  if (value !== known) {
    setKnown(value);
    if (value !== sent) {
      setTyped(value);
      setSent(value);
    }
  }

  useEffect(() => {
    if (typed.trim() === sent) return;
    const timer = setTimeout(() => {
      searchLater(typed.trim());
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [typed, sent]);

  return (
    <TextInput
      ref={input}
      type="search"
      role="searchbox"
      aria-label={label}
      placeholder={label}
      description={hint}
      inputWrapperOrder={["input", "description"]}
      value={typed}
      maxLength={200}
      dir="auto"
      className={classes.box}
      data-search
      autoComplete="off"
      spellCheck={false}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={
        typed ? (
          <CloseButton
            size="sm"
            aria-label={table.clear}
            onClick={() => {
              setTyped("");
              search("");
              input.current?.focus();
            }}
          />
        ) : (
          <Kbd size="xs" aria-hidden className={classes.hint}>
            /
          </Kbd>
        )
      }
      onChange={(event) => {
        setTyped(event.currentTarget.value);
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter") search(typed.trim());
        if (event.key !== "Escape") return;
        if (typed) setTyped("");
        else input.current?.blur();
      }}
    />
  );
}
