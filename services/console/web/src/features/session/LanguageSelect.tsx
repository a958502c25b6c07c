import { NativeSelect } from "@mantine/core";
import { IconLanguage } from "@tabler/icons-react";
import { LANGUAGES, type Language, useSpeech } from "../../words";

export function LanguageSelect() {
  const { words, language, choose } = useSpeech();
  return (
    <NativeSelect
      aria-label={words.session.language}
      size="sm"
      w={160}
      leftSection={<IconLanguage size={16} aria-hidden />}
      value={language}
      data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
      onChange={(event) => {
        choose(event.currentTarget.value as Language);
      }}
    />
  );
}
