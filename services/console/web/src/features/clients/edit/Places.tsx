import { Group, Select, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { useSpeech } from "../../../words";
import { useProfileWords } from "../../../words/profile";
import { countryChoices } from "../countries";
import type { AddressDraft, LocationDraft } from "./draft";
import { useEditing } from "./Editing";

/** Where post reaches the person. */
export function AddressFields() {
  const { form } = useProfileWords();
  const { draft, set, wrong } = useEditing();
  const { address } = draft;
  const text = (part: keyof AddressDraft) => ({
    label: form[part],
    name: `address.${part}`,
    value: address[part],
    error: wrong(`address.${part}`),
    maxLength: part === "postcode" ? 32 : 256,
    dir: "auto" as const,
    autoComplete: "off",
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => {
      set({ address: { ...address, [part]: event.currentTarget.value } });
    },
  });
  return (
    <Stack gap="sm">
      <TextInput {...text("street")} />
      <Group gap="sm" grow preventGrowOverflow={false} align="flex-start">
        <TextInput {...text("postcode")} />
        <TextInput {...text("city")} />
      </Group>
      <TextInput {...text("region")} />
      <Country
        name="address.country"
        value={address.country}
        onChange={(country) => {
          set({ address: { ...address, country } });
        }}
      />
    </Stack>
  );
}

/** Where the person was last known to be. */
export function LocationFields() {
  const { form } = useProfileWords();
  const { draft, set, wrong } = useEditing();
  const { location } = draft;
  const text = (part: keyof LocationDraft, more: { description?: string; inputMode?: "decimal" } = {}) => ({
    ...more,
    label: form[part],
    name: `location.${part}`,
    value: location[part],
    error: wrong(`location.${part}`),
    maxLength: 256,
    dir: "auto" as const,
    autoComplete: "off",
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => {
      set({ location: { ...location, [part]: event.currentTarget.value } });
    },
  });
  const degrees = { description: form.degrees, inputMode: "decimal" } as const;
  return (
    <Stack gap="sm">
      <SimpleGrid cols={2} spacing="sm">
        <TextInput {...text("latitude", degrees)} />
        <TextInput {...text("longitude", degrees)} />
        <TextInput {...text("city")} />
        <TextInput {...text("region")} />
      </SimpleGrid>
      <Country
        name="location.country"
        value={location.country}
        onChange={(country) => {
          set({ location: { ...location, country } });
        }}
      />
    </Stack>
  );
}

function Country({ name, value, onChange }: { name: string; value: string; onChange: (code: string) => void }) {
  const { locale } = useSpeech();
  const { form } = useProfileWords();
  const { wrong } = useEditing();
  return (
    <Select
      label={form.country}
      name={name}
      data={countryChoices(locale)}
      value={value || null}
      error={wrong(name)}
      searchable
      clearable
      clearButtonProps={{ "aria-label": form.clear }}
      placeholder={form.notSaid}
      nothingFoundMessage={form.nothingFound}
      onChange={(code) => {
        onChange(code ?? "");
      }}
    />
  );
}
