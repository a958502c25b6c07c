import { ActionIcon, Badge, Group, Select, Text } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { languageChoices, languageName } from "../../ui/languages";
import { useSpeech } from "../../words";
import { useQueueWords } from "../../words/queues";
import { useEditing } from "./Editing";

/** In which languages visitors are spoken to. */
export function LanguagesBar({ onChange }: { onChange: (languages: string[]) => void }) {
  const say = useQueueWords();
  const { locale } = useSpeech();
  const { languages } = useEditing();
  const others = languageChoices(locale, null)
    .map(({ value, label }) => ({ value: value.toLowerCase(), label }))
    .filter(({ value }) => !languages.includes(value));
  return (
    <div role="group" aria-label={say.languages}>
      <Group gap="xs">
        {languages.map((tag, index) => {
          const name = languageName(tag, locale);
          return (
            <Badge
              key={tag}
              variant="default"
              size="lg"
              tt="none"
              fw={500}
              rightSection={
                languages.length > 1 && (
                  <ActionIcon
                    size="xs"
                    variant="transparent"
                    color="gray"
                    aria-label={say.removeLanguage(name)}
                    onClick={() => {
                      onChange(languages.filter((other) => other !== tag));
                    }}
                  >
                    <IconX size={14} aria-hidden />
                  </ActionIcon>
                )
              }
            >
              {index === 0 && languages.length > 1 ? `${name} (${say.firstLanguage})` : name}
            </Badge>
          );
        })}
        <Select
          size="xs"
          w={190}
          aria-label={say.addLanguage}
          placeholder={say.addLanguage}
          searchable
          value={null}
          data={others}
          onChange={(tag) => {
            if (tag) onChange([...languages, tag]);
          }}
        />
      </Group>
      <Text size="xs" c="dimmed" mt={4}>
        {say.languagesHelp}
      </Text>
    </div>
  );
}
