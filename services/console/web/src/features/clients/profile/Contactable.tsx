import { Group, Text } from "@mantine/core";
import { IconBan, IconHelpCircle, IconMailOff, IconRosetteDiscountCheckFilled } from "@tabler/icons-react";
import { Time } from "../../../ui/Time";
import { useWords } from "../../../words";
import { useProfileWords } from "../../../words/profile";
import type { ClientCard } from "../getClient";

/** The one email or phone of a profile: how well it is known, and whether it must not be written to, since when and why. */
export function Contactable({ kind, client }: { kind: "email" | "phone"; client: ClientCard }) {
  const { card } = useWords();
  const say = useProfileWords();
  const value = client[kind];
  const refusals = client.refusals.filter((refusal) => refusal.kind === kind && (refusal.value === value || !value));
  const verified = kind === "email" ? client.email_verified : client.phone_verified;
  const wasTyped = client.channels.some(({ linked }) => linked?.value === value && linked?.strength === "claimed");
  return (
    <>
      {value ? (
        <>
          <bdi>{value}</bdi>
          <Group gap={4} c="dimmed" fz="xs" wrap="nowrap">
            {verified ? <IconRosetteDiscountCheckFilled size={14} color="var(--kith-good)" aria-hidden /> : <IconHelpCircle size={14} aria-hidden />}
            {verified ? card.verified : wasTyped ? card.claimed : card.unverified}
          </Group>
        </>
      ) : (
        <Text c="dimmed" span>
          {say.none}
        </Text>
      )}
      {refusals.map((refusal) => (
        <Group key={`${refusal.what}:${refusal.value}`} gap={4} c="var(--kith-bad)" fz="xs" align="flex-start" wrap="nowrap" data-testid="refusal">
          {refusal.what === "unsubscribed" ? <IconMailOff size={14} aria-hidden /> : <IconBan size={14} aria-hidden />}
          <span>
            {say.refused[refusal.what] ?? refusal.what} <Time at={refusal.at} />: <bdi>{refusal.reason ?? say.refusedNoReason}</bdi>
          </span>
        </Group>
      ))}
    </>
  );
}
