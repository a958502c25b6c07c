import { Menu } from "@mantine/core";
import { LANGUAGES, type Language, useSpeech } from "../../words";
import { ChoiceItem } from "./ChoiceItem";

export function LanguageChoice() {
  const { words, language, choose } = useSpeech();
  return (
    <>
      <Menu.Label>{words.session.language}</Menu.Label>
      <Menu.RadioGroup
        value={language}
        onChange={(chosen) => {
          choose(chosen as Language);
        }}
      >
        {Object.entries(LANGUAGES).map(([code, name]) => (
          <ChoiceItem key={code} value={code} lang={code}>
            {name}
          </ChoiceItem>
        ))}
      </Menu.RadioGroup>
    </>
  );
}
