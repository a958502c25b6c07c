import { Button, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "react-router";

/** A way on: something to do, or somewhere to go. */
type Action = { label: string; onClick: () => void } | { label: string; to: string };

interface Props {
  title: string;
  text: string;
  icon?: ReactNode;
  action?: Action | undefined;
  second?: Action | undefined;
  role?: "alert" | "status";
  children?: ReactNode;
}

/** A page or list with nothing to show: says so, says why, and how to go on. */
export function Blank({ title, text, icon, action, second, role, children }: Props) {
  return (
    <Stack role={role} align="center" justify="center" gap="xs" p="xl" mx="auto" maw={520} mih={240} data-testid="blank">
      {icon && <Text c="dimmed" component="span" aria-hidden>{icon}</Text>}
      <Title order={2} ta="center" style={{ overflowWrap: "anywhere" }}>
        {title}
      </Title>
      <Text c="dimmed" ta="center">
        {text}
      </Text>
      {children}
      {action && <ActionButton {...action} variant="light" />}
      {second && <ActionButton {...second} variant="subtle" />}
    </Stack>
  );
}

function ActionButton({ variant, ...action }: Action & { variant: "light" | "subtle" }) {
  const looks = { variant, size: "sm", mt: "xs" } as const;
  return "to" in action ? (
    <Button {...looks} component={Link} to={action.to}>
      {action.label}
    </Button>
  ) : (
    <Button {...looks} onClick={action.onClick}>
      {action.label}
    </Button>
  );
}
