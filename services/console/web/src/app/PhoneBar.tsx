import { Burger } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { useWords } from "../words";
import classes from "./Shell.module.css";

const PhoneMenu = lazy(() => import("./PhoneMenu"));

/** On a phone the navigation waits behind a button. */
export function PhoneBar({ onShortcuts }: { onShortcuts: () => void }) {
  const { app } = useWords();
  const [open, setOpen] = useState(false);
  return (
    <header className={classes.phone}>
      <Burger
        size="sm"
        opened={open}
        aria-label={app.menu}
        aria-expanded={open}
        onClick={() => {
          setOpen(true);
        }}
      />
      {app.name}
      <Suspense>
        {open && (
          <PhoneMenu
            onShortcuts={onShortcuts}
            onClose={() => {
              setOpen(false);
            }}
          />
        )}
      </Suspense>
    </header>
  );
}
