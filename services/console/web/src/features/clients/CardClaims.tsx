import { Group, Stack, Text, Title } from "@mantine/core";
import { Time } from "../../ui/Time";
import { useWords } from "../../words";
import type { Claim } from "./getClient";

/** Values that somebody typed and that are nobody's for certain. */
export function CardClaims({ claims }: { claims: readonly Claim[] }) {
  const { card } = useWords();
  return (
    <Stack component="section" gap="xs" aria-labelledby="card-claims">
      <Title order={2} id="card-claims">
        {card.claims}
      </Title>
      <Text c="dimmed">{card.claimsAbout}</Text>
      {claims.map((claim) => (
        <Group key={`${claim.kind}:${claim.value}:${claim.at}`} gap="sm" data-testid="card-claim">
          <Text c="dimmed" span>
            {claim.kind === "phone" ? card.phoneClaim : card.emailClaim}
          </Text>
          <bdi>{claim.value}</bdi>
          <Text c="dimmed" size="xs" span ms="auto">
            <Time at={claim.at} />
          </Text>
        </Group>
      ))}
    </Stack>
  );
}
