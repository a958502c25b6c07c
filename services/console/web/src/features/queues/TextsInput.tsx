import { Textarea, TextInput } from "@mantine/core";
import type { Texts } from "../../api/queues";
import { languageName } from "../../ui/languages";
import { useSpeech } from "../../words";
import { useQueueWords } from "../../words/queues";
import { useEditing } from "./Editing";
import classes from "./queues.module.css";

interface Props {
  label: string;
  description?: string;
  /** Where the service names its faults: `form.title`. */
  place: string;
  texts: Texts;
  lines?: boolean;
  onChange: (texts: Texts) => void;
}

/** One text in every language of the queue, side by side. */
export function TextsInput({ label, description, place, texts, lines = false, onChange }: Props) {
  const say = useQueueWords();
  const { locale } = useSpeech();
  const { languages, wrong } = useEditing();
  const Input = lines ? Textarea : TextInput;
  return (
    <div className={classes.texts} role="group" aria-label={label}>
      {languages.map((tag, index) => {
        const name = languageName(tag, locale);
        return (
          <Input
            key={tag}
            label={languages.length > 1 ? say.inLanguage(label, name) : label}
            description={index === 0 ? description : undefined}
            inputWrapperOrder={["label", "input", "description", "error"]}
            lang={tag}
            dir="auto"
            autoComplete="off"
            value={texts[tag] ?? ""}
            error={wrong(`${place}.${tag}`) ?? (index === 0 ? wrong(place) : undefined)}
            {...(lines && { autosize: true, minRows: 2, maxRows: 8 })}
            onChange={(event: { currentTarget: { value: string } }) => {
              onChange({ ...texts, [tag]: event.currentTarget.value });
            }}
          />
        );
      })}
    </div>
  );
}
