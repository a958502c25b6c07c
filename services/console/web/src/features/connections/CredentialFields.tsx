import { Checkbox, PasswordInput, Stack, Switch, Textarea, TextInput } from "@mantine/core";
import { useConnectionWords } from "../../words/connections";
import { type Entries, type FieldName, FIELDS, type Wrong } from "./channelFields";
import type { Channel } from "./getConnections";

interface Props {
  channel: Channel;
  entries: Entries;
  wrong: Wrong;
  /** The connection is there: a secret left empty stays as it is. */
  known?: boolean;
  /** Secrets that are kept and may be forgotten, and which of them are to be. */
  kept?: readonly string[];
  forgotten?: readonly FieldName[];
  onForget?: (name: FieldName, forget: boolean) => void;
  onType: (name: string, value: string) => void;
}

/** What a channel needs of its account, each with a sentence on where it is found. */
export function CredentialFields({ channel, entries, wrong, known = false, kept = [], forgotten = [], onForget, onType }: Props) {
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
    if (kind === "switch")
      return (
        <Switch
          key={name}
          name={name}
          label={words.label}
          description={words.help}
          checked={entries[name] === "true"}
          onChange={(event) => {
            onType(name, event.currentTarget.checked ? "true" : "");
          }}
        />
      );
    if (kind === "secret") {
      const forget = forgotten.includes(name);
      const input = <PasswordInput key={name} {...shared} disabled={forget} autoComplete="new-password" spellCheck={false} visibilityToggleButtonProps={{ "aria-label": say.showTyped }} />;
      if (!optional || !onForget || !kept.includes(name)) return input;
      return (
        <Stack key={name} gap="xs">
          {input}
          <Checkbox
            size="sm"
            label={say.forget(words.label)}
            description={say.forgetHelp[name]}
            checked={forget}
            onChange={(event) => {
              onForget(name, event.currentTarget.checked);
            }}
          />
        </Stack>
      );
    }
    if (kind === "lines") return <Textarea key={name} {...shared} autosize minRows={2} maxRows={8} spellCheck={false} />;
    return <TextInput key={name} {...shared} autoComplete="off" spellCheck={false} />;
  });
}
