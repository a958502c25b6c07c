import { Text } from "@mantine/core";
import { Time } from "../../../ui/Time";
import { useSpeech } from "../../../words";
import { useProfileWords } from "../../../words/profile";
import { countryName } from "../countries";
import type { ClientCard } from "../getClient";

type Address = NonNullable<ClientCard["address"]>;
type Location = NonNullable<ClientCard["location"]>;

/** Where post reaches the person, as an envelope has it. */
export function AddressLines({ address }: { address: Address }) {
  const { locale } = useSpeech();
  const town = [address.postcode, address.city].filter(Boolean).join(" ");
  const lines = [address.street, town, address.region, address.country && countryName(address.country, locale)].filter((line): line is string => Boolean(line));
  return (
    <div data-testid="address">
      {lines.map((line) => (
        <div key={line} dir="auto">
          {line}
        </div>
      ))}
      <From {...address} />
    </div>
  );
}

/** Where the person was last known to be. */
export function LocationLines({ location }: { location: Location }) {
  const { locale } = useSpeech();
  const names = [location.city, location.region, location.country && countryName(location.country, locale)].filter(Boolean).join(", ");
  const { latitude, longitude } = location;
  const degrees = (value: number) => value.toLocaleString(locale, { maximumFractionDigits: 5 });
  return (
    <div data-testid="location">
      {names && <div dir="auto">{names}</div>}
      {latitude !== null && longitude !== null && (
        <div>
          <bdi>
            {degrees(latitude)}° / {degrees(longitude)}°
          </bdi>
        </div>
      )}
      <From {...location} />
    </div>
  );
}

function From({ source, at }: { source: string; at: string | null }) {
  const say = useProfileWords();
  return (
    <Text c="dimmed" size="xs">
      {say.sources[source] ?? source}
      {at && (
        <>
          {" · "}
          <Time at={at} />
        </>
      )}
    </Text>
  );
}
