import { Button, Skeleton, Stack, Tabs } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useCallback, useState } from "react";
import { Link, useNavigate, useParams, useSearchParams } from "react-router";
import { asProblem } from "../../api/problem";
import { Blank } from "../../ui/Blank";
import { Failure } from "../../ui/Failure";
import { Side } from "../../ui/Side";
import { useWords } from "../../words";
import { useProfileWords } from "../../words/profile";
import { useLiveChange } from "../live";
import { PersonMenu } from "../privacy";
import { useMayEditPeople } from "../session";
import { ActivityTab } from "./activity/ActivityTab";
import classes from "./clients.module.css";
import { type ClientCard as Whole, getClient } from "./getClient";
import type { Client, ClientsPage } from "./getClients";
import { fullName } from "./names";
import { ContactInformation } from "./profile/ContactInformation";
import { DeleteClient } from "./whoiswho/DeleteClient";
import { WhoIsWho } from "./whoiswho/WhoIsWho";

const EditContact = lazy(() => import("./edit/EditContact"));

/** A client's profile, in a drawer over whichever list it was opened from, at `<base>/<id>`. */
export default function ClientCard({ base = "/clients" }: { base?: string }) {
  const { id = "" } = useParams();
  const [params] = useSearchParams();
  const go = useNavigate();
  const words = useWords();
  const say = useProfileWords();
  const listed = useListed(id);
  const queryKey = ["clients", "card", id];
  const cache = useQueryClient();
  const card = useQuery({ queryKey, queryFn: ({ signal }) => getClient(id, signal) });
  useLiveChange("client", id, () => void card.refetch());
  const mayEdit = useMayEditPeople();
  const [editing, setEditing] = useState(false);
  const [dirty, setDirty] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const [inner, setInner] = useState(false);

  const known = card.data ?? (card.error ? undefined : listed);
  const name = known && fullName(known);
  const close = () => void go({ pathname: base, search: params.toString() });
  const done = useCallback(() => {
    setEditing(false);
    setLeaving(false);
  }, []);
  const show = (fresh: Whole) => {
    cache.setQueryData(queryKey, fresh);
  };
  return (
    <Side
      rowId={id}
      holds={editing}
      title={
        <span dir="auto" className={classes.title} data-testid="card-title">
          {known ? (name ?? "") || words.clients.nameless : words.card.title}
        </span>
      }
      onClose={() => {
        if (inner) return; // Escape closes what lies on top alone
        if (editing && dirty) setLeaving(true);
        else if (editing) done();
        else close();
      }}
    >
      {card.error && !card.data ? (
        <CardProblem base={base} error={card.error} retry={() => void card.refetch()} />
      ) : editing && card.data ? (
        <Suspense fallback={<Skeleton height={480} />}>
          <EditContact client={card.data} onDone={done} onSaved={show} onDirty={setDirty} onInner={setInner} leaving={leaving} onLeave={done} onStay={() => { setLeaving(false); }} />
        </Suspense>
      ) : (
        <Tabs key={id} defaultValue="information" keepMounted={false}>
          <div className={classes.tabs}>
            <Tabs.List flex={1}>
              <Tabs.Tab value="information">{say.tabs.information}</Tabs.Tab>
              <Tabs.Tab value="activity">{say.tabs.activity}</Tabs.Tab>
            </Tabs.List>
            {mayEdit && card.data && (
              <Button
                flex="none"
                size="xs"
                variant="default"
                leftSection={<IconPencil size={16} aria-hidden />}
                onClick={() => {
                  setEditing(true);
                }}
              >
                {say.edit}
              </Button>
            )}
          </div>
          <Tabs.Panel value="information">
            {card.data ? (
              <Stack gap="md">
                <Suspense>
                  <PersonMenu id={id} name={name ?? ""} />
                </Suspense>
                <ContactInformation client={card.data} />
                <WhoIsWho client={card.data} />
                <DeleteClient client={card.data} onDeleted={close} />
              </Stack>
            ) : (
              <Stack gap="lg">
                <Skeleton height={320} />
                <Skeleton height={120} />
              </Stack>
            )}
          </Tabs.Panel>
          <Tabs.Panel value="activity">
            <ActivityTab clientId={id} />
          </Tabs.Panel>
        </Tabs>
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

/** What a list already knows of the client: its name is there at once. */
function useListed(id: string): Client | undefined {
  const lists = useQueryClient().getQueriesData<{ pages: ClientsPage[] }>({ queryKey: ["clients", "list"] });
  return lists.flatMap(([, data]) => data?.pages ?? []).flatMap((page) => page.items).find((client) => client.id === id);
}
