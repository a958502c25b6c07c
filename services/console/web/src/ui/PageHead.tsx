import { Group, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useEffect } from "react";
import { useWords } from "../words";
import { setPageTitle } from "./title";

/** A page's title and the one sentence that says what it is for; its main action at the end. */
export function PageHead({ title, about, children }: { title: string; about: string; children?: ReactNode }) {
  const { app } = useWords();
  useEffect(() => {
    setPageTitle(`${title} · ${app.name}`);
  }, [title, app.name]);
  return (
    <Group justify="space-between" align="flex-start" wrap="nowrap" gap="md" component="header">
      <Stack gap={2}>
        <Title order={1}>{title}</Title>
        <Text c="dimmed">{about}</Text>
      </Stack>
      {children}
    </Group>
  );
}
