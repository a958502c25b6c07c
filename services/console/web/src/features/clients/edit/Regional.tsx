import { Select, Stack } from "@mantine/core";
import { useMemo } from "react";
import { languageChoices } from "../../../ui/languages";
import { useSpeech } from "../../../words";
import { useProfileWords } from "../../../words/profile";
import { useEditing } from "./Editing";

/** When it is day for the person, and what they read. */
export function RegionalFields() {
  const { locale } = useSpeech();
  const { form } = useProfileWords();
  const { draft, set, wrong } = useEditing();
  const zones = useMemo(() => zoneChoices(draft.time_zone), [draft.time_zone]);
  const common = { searchable: true, clearable: true, clearButtonProps: { "aria-label": form.clear }, placeholder: form.notSaid, nothingFoundMessage: form.nothingFound };
  return (
    <Stack gap="sm">
      <Select
        {...common}
        label={form.timeZone}
        name="time_zone"
        data={zones}
        limit={500}
        value={draft.time_zone}
        error={wrong("time_zone")}
        onChange={(zone) => {
          set({ time_zone: zone });
        }}
      />
      <Select
        {...common}
        label={form.language}
        name="language"
        data={languageChoices(locale, draft.language)}
        value={draft.language}
        error={wrong("language")}
        onChange={(language) => {
          set({ language });
        }}
      />
    </Stack>
  );
}

function zoneChoices(also: string | null): { value: string; label: string }[] {
  const known = Intl.supportedValuesOf("timeZone");
  const names = also && !known.includes(also) ? [also, ...known] : known;
  return names.map((value) => ({ value, label: value.replaceAll("_", " ") }));
}
