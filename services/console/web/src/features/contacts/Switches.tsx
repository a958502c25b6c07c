import { Switch } from "@mantine/core";
import { IconCircleCheck, IconCircleOff } from "@tabler/icons-react";
import { useActiveRow } from "../../ui/Row";
import { useWords } from "../../words";
import type { Contact } from "./api";
import classes from "./contacts.module.css";
import type { SwitchName } from "./useSwitch";

interface Props {
  contact: Contact;
  field: SwitchName;
  /** Null where the role may only look. */
  onTurn: ((contact: Contact, field: SwitchName, on: boolean) => void) | null;
}

/** A switch in its row, with its state in a word; for those who may only look the word and an icon. */
export function RowSwitch({ contact, field, onTurn }: Props) {
  const { contacts } = useWords();
  const active = useActiveRow();
  const on = contact[field];
  const word = contacts[field][on ? "on" : "off"];
  if (!onTurn) {
    const Icon = on ? IconCircleCheck : IconCircleOff;
    return (
      <span className={classes.state} data-on={on}>
        <Icon size={16} aria-hidden />
        {word}
      </span>
    );
  }
  return (
    <label className={classes.switch} data-on={on}>
      <Switch
        size="sm"
        checked={on}
        tabIndex={active ? 0 : -1}
        aria-label={contacts.switchOf(contacts.columns[field], contact.name ?? contact.contact_id)}
        onChange={(event) => {
          onTurn(contact, field, event.currentTarget.checked);
        }}
      />
      <span aria-hidden>{word}</span>
    </label>
  );
}
