import { Alert } from "@mantine/core";

/** Why something was not done, where it was asked for. */
export function Refused({ title, children }: { title?: string; children: string }) {
  return (
    <Alert role="alert" color="red" variant="light" title={title} styles={{ label: { color: "var(--mantine-color-text)" }, message: { color: "var(--mantine-color-text)" } }}>
      {children}
    </Alert>
  );
}
