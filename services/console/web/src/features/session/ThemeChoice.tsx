import { type MantineColorScheme, Menu, useMantineColorScheme } from "@mantine/core";
import { IconDeviceDesktop, IconMoon, IconSun } from "@tabler/icons-react";
import { useWords } from "../../words";
import { ChoiceItem } from "./ChoiceItem";

const ICONS = { light: IconSun, dark: IconMoon, auto: IconDeviceDesktop };

export function ThemeChoice() {
  const { session } = useWords();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <>
      <Menu.Label>{session.theme}</Menu.Label>
      <Menu.RadioGroup
        value={colorScheme}
        onChange={(chosen) => {
          setColorScheme(chosen as MantineColorScheme);
        }}
      >
        {(Object.keys(ICONS) as MantineColorScheme[]).map((scheme) => {
          const Icon = ICONS[scheme];
          return (
            <ChoiceItem key={scheme} value={scheme} icon={<Icon size={16} aria-hidden />}>
              {session.themes[scheme]}
            </ChoiceItem>
          );
        })}
      </Menu.RadioGroup>
    </>
  );
}
