import { Button, Text } from "@mantine/core";
import { IconCheck, IconLink } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { Once } from "../../../ui/Once";
import { useProfileWords } from "../../../words/profile";
import { getPreferencePage } from "../edit/api";

/** The address of the person's own preference page. It is theirs alone, so it is asked for, and not shown by itself. */
export function PreferenceLink({ clientId }: { clientId: string }) {
  const say = useProfileWords();
  const asking = useMutation({ mutationFn: () => getPreferencePage(clientId) });
  if (asking.data) return <Once label={say.preferencePage} value={asking.data} copy={say.preferenceLink} warning={say.preferenceWarning} />;
  return (
    <>
      <Button
        size="compact-xs"
        variant="subtle"
        loading={asking.isPending}
        leftSection={asking.isSuccess ? <IconCheck size={14} aria-hidden /> : <IconLink size={14} aria-hidden />}
        onClick={() => {
          asking.mutate();
        }}
      >
        {say.preferencePage}
      </Button>
      {asking.error && (
        <Text c="var(--mantine-color-error)" size="xs" role="alert">
          {say.preferenceFailed}
        </Text>
      )}
    </>
  );
}
