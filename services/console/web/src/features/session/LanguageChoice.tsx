import { Menu } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { LANGUAGES, type Language, useSpeech } from "../../words";

export function LanguageChoice() {
  const { words, language, choose } = useSpeech();
  return (
    <>
      <Menu.Label>{words.session.language}</Menu.Label>
      {(Object.entries(LANGUAGES) as [Language, string][]).map(([code, name]) => (
        <Menu.Item
          key={code}
          role="menuitemradio"
          aria-checked={code === language}
          lang={code}
          closeMenuOnClick={false}
          rightSection={code === language && <IconCheck size={16} aria-hidden />}
          onClick={() => {
            choose(code);
          }}
        >
          {name}
        </Menu.Item>
      ))}
    </>
  );
}
