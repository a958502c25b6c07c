import { Skeleton, Stack } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Suspense } from "react";
import { Link, useNavigate, useParams, useSearchParams } from "react-router";
import { asProblem } from "../../api/problem";
import { Blank } from "../../ui/Blank";
import { Failure } from "../../ui/Failure";
import { Side } from "../../ui/Side";
import { useWords } from "../../words";
import { useLiveChange } from "../live";
import { PersonMenu } from "../privacy";
import { CardChannels } from "./CardChannels";
import { CardClaims } from "./CardClaims";
import { CardFacts } from "./CardFacts";
import classes from "./clients.module.css";
import { getClient } from "./getClient";
import type { Client, ClientsPage } from "./getClients";
import { fullName } from "./names";

/** A client's card, in a drawer over whichever list it was opened from, at `<base>/<id>`. */
export default function ClientCard({ base = "/clients" }: { base?: string }) {
  const { id = "" } = useParams();
  const [params] = useSearchParams();
  const go = useNavigate();
  const words = useWords();
  const listed = useListed(id);
  const queryKey = ["clients", "card", id];
  const card = useQuery({ queryKey, queryFn: ({ signal }) => getClient(id, signal) });
  useLiveChange("client", id, () => void card.refetch());

  const known = card.data ?? (card.error ? undefined : listed);
  const name = known && fullName(known);
  return (
    <Side
      rowId={id}
      title={
        <span dir="auto" className={classes.title} data-testid="card-title">
          {known ? (name ?? "") || words.clients.nameless : words.card.title}
        </span>
      }
      onClose={() => void go({ pathname: base, search: params.toString() })}
    >
      {card.error && !card.data ? (
        <CardProblem base={base} error={card.error} retry={() => void card.refetch()} />
      ) : (
        <Stack gap="lg" data-testid="client-card">
          {card.data && (
            <Suspense>
              <PersonMenu id={id} name={name ?? ""} />
            </Suspense>
          )}
          {known ? <CardFacts client={known} channels={card.data?.channels ?? []} /> : <Skeleton height={160} />}
          {card.data ? <CardChannels channels={card.data.channels} /> : <Skeleton height={120} />}
          {card.data && card.data.claims.length > 0 && <CardClaims claims={card.data.claims} />}
        </Stack>
      )}
    </Side>
  );
}

function CardProblem({ base, error, retry }: { base: string; error: unknown; retry: () => void }) {
  const { card } = useWords();
  const [params] = useSearchParams();
  const { status, survivorId } = asProblem(error);
  if (status === 410) {
    const survivor = survivorId !== null && { pathname: `${base}/${survivorId}`, search: params.toString() };
    return (
      <Blank title={card.goneTitle} text={card.gone}>
        {survivor && <Link to={survivor}>{card.toSurvivor}</Link>}
      </Blank>
    );
  }
  if (status === 404) return <Blank title={card.missingTitle} text={card.missing} />;
  return <Failure error={error} retry={retry} />;
}

/** What a list already knows of the client, to be shown until the card is here. */
function useListed(id: string): Client | undefined {
  const lists = useQueryClient().getQueriesData<{ pages: ClientsPage[] }>({ queryKey: ["clients", "list"] });
  return lists.flatMap(([, data]) => data?.pages ?? []).flatMap((page) => page.items).find((client) => client.id === id);
}
