import { Menu } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import type { ReactNode } from "react";

/** One of several in a menu, with a tick on the chosen one; the menu stays open to be looked at. */
export function ChoiceItem({ value, icon, lang, children }: { value: string; icon?: ReactNode; lang?: string; children: ReactNode }) {
  return (
    <Menu.RadioItem value={value} lang={lang} closeMenuOnClick={false} checkIcon={<IconCheck size={16} aria-hidden />} rightSection={icon}>
      {children}
    </Menu.RadioItem>
  );
}
