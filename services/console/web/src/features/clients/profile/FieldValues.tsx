import { Stack, Text, Title } from "@mantine/core";
import { useSpeech } from "../../../words";
import { type ProfileWords, useProfileWords } from "../../../words/profile";
import classes from "../clients.module.css";
import type { ClientCard } from "../getClient";

type Field = ClientCard["fields"][number];

/** What the business wants to know besides, in its own order. */
export function FieldValues({ fields }: { fields: readonly Field[] }) {
  const { locale } = useSpeech();
  const say = useProfileWords();
  return (
    <Stack component="section" gap="xs" aria-labelledby="card-fields">
      <Title order={2} id="card-fields">
        {say.rows.fields}
      </Title>
      {fields.length === 0 ? (
        <Text c="dimmed">{say.none}</Text>
      ) : (
        <dl className={classes.facts}>
          {fields.map((field) => (
            <div key={field.id} style={{ display: "contents" }}>
              <dt dir="auto">{field.name}</dt>
              <dd dir="auto">{fieldText(field, locale, say)}</dd>
            </div>
          ))}
        </dl>
      )}
    </Stack>
  );
}

function fieldText({ type, value, shown }: Field, locale: string, say: ProfileWords): string {
  if (type === "yes_no") return value === true ? say.yes : say.no;
  if (type === "number" && typeof value === "number") return value.toLocaleString(locale, { maximumFractionDigits: 20 });
  if (type === "date" && typeof value === "string") return new Date(`${value}T00:00:00Z`).toLocaleDateString(locale, { dateStyle: "long", timeZone: "UTC" });
  return shown;
}
