import { IconEye, IconRosetteDiscountCheckFilled } from "@tabler/icons-react";
import { Link, useSearchParams } from "react-router";
import { Cut } from "../../../ui/Cut";
import { useActiveRow } from "../../../ui/Row";
import { TagBadge } from "../../../ui/TagBadge";
import { numberText } from "../../../ui/times";
import { useSpeech, useWords } from "../../../words";
import { usePeopleWords } from "../../../words/people";
import clients from "../clients.module.css";
import type { Client } from "../getClients";
import { fullName } from "../names";
import classes from "./lists.module.css";

const TAGS_SHOWN = 3;

interface Props {
  client: Client;
  /** The list's own address: the profile opens over it. */
  base: string;
}

/** The row is the keyboard's stop; the link serves the pointer and screen readers. */
export function Name({ client, base }: Props) {
  const words = useWords();
  const [params] = useSearchParams();
  const name = fullName(client);
  return (
    <Link className={clients.name} tabIndex={-1} to={{ pathname: `${base}/${client.id}`, search: params.toString() }}>
      {name ? <Cut>{name}</Cut> : <span className={clients.nameless}>{words.clients.nameless}</span>}
    </Link>
  );
}

/** The contact preview icon at the end of a row. */
export function Preview({ client, base }: Props) {
  const words = useWords();
  const { preview } = usePeopleWords();
  const [params] = useSearchParams();
  const active = useActiveRow();
  const label = preview(fullName(client) || words.clients.nameless);
  return (
    <Link className={classes.preview} tabIndex={active ? 0 : -1} to={{ pathname: `${base}/${client.id}`, search: params.toString() }} aria-label={label} data-tip={label}>
      <IconEye size={18} aria-hidden />
    </Link>
  );
}

export function Value({ text, verified = false }: { text: string | null | undefined; verified?: boolean | undefined }) {
  const { card } = useWords();
  if (!text) return null;
  return (
    <span className={clients.value}>
      <Cut>{text}</Cut>
      {verified && <IconRosetteDiscountCheckFilled size={15} role="img" aria-label={card.verified} data-tip={card.verified} />}
    </span>
  );
}

/** The first tags as badges, and how many more there are. */
export function Tags({ tags }: { tags: Client["tags"] }) {
  const { locale } = useSpeech();
  const { more } = usePeopleWords();
  const rest = tags.slice(TAGS_SHOWN);
  return (
    <span className={classes.tags}>
      {tags.slice(0, TAGS_SHOWN).map((tag) => (
        <TagBadge key={tag.id} tag={tag} />
      ))}
      {rest.length > 0 && (
        <span className={classes.more} data-tip={rest.map(({ name }) => name).join(", ")}>
          {more(numberText(rest.length, locale))}
        </span>
      )}
    </span>
  );
}

export function Names({ of }: { of: readonly { name: string }[] }) {
  return of.length > 0 ? <Cut>{of.map(({ name }) => name).join(", ")}</Cut> : null;
}
