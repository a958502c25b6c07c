import { UnstyledButton } from "@mantine/core";
import { IconSelector } from "@tabler/icons-react";
import type { ComponentPropsWithRef } from "react";
import type { User } from "../../api/session";
import { Cut } from "../../ui/Cut";
import { useWords } from "../../words";
import classes from "./AccountCorner.module.css";

/** Who is signed in, and as what. */
export function AccountCorner({ user, ...rest }: { user: User } & ComponentPropsWithRef<"button">) {
  const { session } = useWords();
  return (
    <UnstyledButton {...rest} className={classes.corner} data-testid="account" aria-label={session.account(user.name)}>
      <span className={classes.face} aria-hidden>
        {initials(user.name)}
      </span>
      <span className={classes.who}>
        <Cut>{user.name}</Cut>
        <span className={classes.role} data-testid="role">
          {session.roles[user.role] ?? user.role}
        </span>
      </span>
      <IconSelector size={16} aria-hidden />
    </UnstyledButton>
  );
}

/** The first letters of the first and last word, by characters as people see them. */
function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return ends.map((word) => [...(word ?? "")][0]?.toLocaleUpperCase() ?? "").join("");
}
