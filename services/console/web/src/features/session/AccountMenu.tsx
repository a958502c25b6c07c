import { Menu } from "@mantine/core";
import { IconKeyboard, IconLogout } from "@tabler/icons-react";
import { signOut, type User } from "../../api/session";
import { Cut } from "../../ui/Cut";
import { useWords } from "../../words";
import { AccountCorner } from "./AccountCorner";
import { LanguageChoice } from "./LanguageChoice";
import { ThemeChoice } from "./ThemeChoice";

interface Props {
  user: User;
  onShortcuts: () => void;
}

/** The corner with its menu: theme, language, shortcuts and the way out. */
export default function AccountMenu({ user, onShortcuts }: Props) {
  const words = useWords();
  return (
    <Menu position="top-start" width={248} shadow="md" withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <AccountCorner user={user} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Cut>{user.email}</Cut>
          <Cut>{user.workspace_name}</Cut>
        </Menu.Label>
        <ThemeChoice />
        <LanguageChoice />
        <Menu.Divider />
        <Menu.Item leftSection={<IconKeyboard size={16} aria-hidden />} onClick={onShortcuts}>
          {words.keys.title}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => void signOut().catch(() => undefined)}>
          {words.session.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
