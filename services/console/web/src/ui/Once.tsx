import { Alert, Group, TextInput } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { CopyButton } from "./CopyButton";

interface Props {
  label: string;
  value: string;
  copy: string;
  /** Why it has to be taken now. */
  warning: string;
}

/** A secret that is shown this once, to be copied. */
export function Once({ label, value, copy, warning }: Props) {
  return (
    <>
      <Alert color="yellow" variant="light" icon={<IconAlertTriangle size={18} aria-hidden />} styles={{ message: { color: "var(--mantine-color-text)" } }}>
        {warning}
      </Alert>
      <Group align="flex-end" gap="xs" wrap="nowrap">
        <TextInput
          flex={1}
          label={label}
          value={value}
          readOnly
          dir="ltr"
          data-testid="once"
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
          onFocus={(event) => {
            event.currentTarget.select();
          }}
        />
        <CopyButton text={value} label={copy} size="sm" />
      </Group>
    </>
  );
}
