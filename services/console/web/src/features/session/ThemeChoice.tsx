import { type MantineColorScheme, Menu, useMantineColorScheme } from "@mantine/core";
import { IconCheck, IconDeviceDesktop, IconMoon, IconSun } from "@tabler/icons-react";
import { useWords } from "../../words";

const ICONS = { light: IconSun, dark: IconMoon, auto: IconDeviceDesktop };

export function ThemeChoice() {
  const { session } = useWords();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <>
      <Menu.Label>{session.theme}</Menu.Label>
      {(Object.keys(ICONS) as MantineColorScheme[]).map((scheme) => {
        const Icon = ICONS[scheme];
        const chosen = scheme === colorScheme;
        return (
          <Menu.Item
            key={scheme}
            role="menuitemradio"
            aria-checked={chosen}
            closeMenuOnClick={false}
            leftSection={<Icon size={16} aria-hidden />}
            rightSection={chosen && <IconCheck size={16} aria-hidden />}
            onClick={() => {
              setColorScheme(scheme);
            }}
          >
            {session.themes[scheme]}
          </Menu.Item>
        );
      })}
    </>
  );
}
