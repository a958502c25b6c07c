import { PasswordInput, Textarea, TextInput } from "@mantine/core";
import { useConnectionWords } from "../../words/connections";
import { type Entries, FIELDS, type Wrong } from "./channelFields";
import type { Channel } from "./getConnections";

interface Props {
  channel: Channel;
  entries: Entries;
  wrong: Wrong;
  /** The connection is there: a secret left empty stays as it is. */
  known?: boolean;
  onType: (name: string, value: string) => void;
}

/** What a channel needs of its account, each with a sentence on where it is found. */
export function CredentialFields({ channel, entries, wrong, known = false, onType }: Props) {
  const { connections: say } = useConnectionWords();
  return FIELDS[channel].map(({ name, kind, optional }) => {
    const words = say.fields[channel]?.[name] ?? { label: name, help: "" };
    const label = optional && !known ? say.optional(words.label) : words.label;
    const shared = {
      name,
      label: known && kind === "secret" ? say.newSecret(words.label) : label,
      description: known && kind === "secret" ? say.secretKept : words.help,
      required: !optional && !(known && kind === "secret"),
      withAsterisk: false,
      dir: "ltr" as const,
      value: entries[name] ?? "",
      error: wrong[name],
      "aria-invalid": wrong[name] !== undefined, // Mantine leaves it out of the field for passwords
      onChange: (event: { currentTarget: { value: string } }) => {
        onType(name, event.currentTarget.value);
      },
    };
    if (kind === "secret") return <PasswordInput key={name} {...shared} autoComplete="new-password" spellCheck={false} visibilityToggleButtonProps={{ "aria-label": say.showTyped }} />;
    if (kind === "lines") return <Textarea key={name} {...shared} autosize minRows={2} maxRows={8} spellCheck={false} />;
    return <TextInput key={name} {...shared} autoComplete="off" spellCheck={false} />;
  });
}
