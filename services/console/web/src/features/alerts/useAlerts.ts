import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useEffectEvent, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { useSettings } from "../../api/notifications";
import { useQueues } from "../../api/queues";
import { type ContactRequest, getRequests, markSeen, REQUESTS_KEY } from "../../api/requests";
import { useAlertWords } from "../../words/alerts";
import { Gatherer, type LiveEvent, useLive } from "../live";
import { useSession } from "../session";
import { Burst } from "./burst";
import { showDesktop } from "./desktop";
import { AlreadyTold } from "./shown";
import { OneSound } from "./sound";
import { waysOf } from "./wishes";

/** Ids asked about in one request. */
const CHUNK = 100;
const AGAIN_MS = 500;
const TRY = /^try_(sound|desktop)_/;

/** A message that the user is told of. */
export type Told = Pick<ContactRequest, "id" | "n" | "queue_id" | "queue_name">;

/** Tells the user of messages that were left: in a note here, and once for all tabs by sound and desktop. */
export function useAlerts() {
  const { hear, leads } = useLive();
  const { user } = useSession();
  const say = useAlertWords();
  const go = useNavigate();
  const client = useQueryClient();
  const queues = useQueues();
  const settings = useSettings();
  const [told, setTold] = useState<Told[]>([]);
  const toldNow = useRef(told);
  const waiting = useRef(new Map<string, string | null>());
  const busy = useRef(false);
  const sound = useRef<OneSound | null>(null);
  const burst = useRef(new Burst());
  const known = useRef(new AlreadyTold(user?.id ?? ""));

  const show = useCallback((next: Told[]) => {
    toldNow.current = next;
    setTold(next);
  }, []);
  const open = (requests: readonly Told[]) => {
    const [only] = requests;
    void go(requests.length === 1 && only ? `/queues/log/${only.id}` : "/queues/log?unseen=true");
    show(toldNow.current.filter((one) => !requests.includes(one)));
  };

  const tell = (fresh: readonly Told[]) => {
    const now = new Date();
    const noted = fresh.filter(({ queue_id: id }) => waysOf(settings.data, id, now).note);
    const ids = new Set(toldNow.current.map(({ id }) => id));
    const added = noted.filter(({ id }) => !ids.has(id));
    if (added.length > 0) show([...toldNow.current, ...added]);
    if (!leads()) return;
    const loud = known.current.others(noted.map(({ id }) => id));
    const other = noted.filter(({ id }) => loud.includes(id));
    known.current.add(loud);
    if (other.length === 0) return;
    const begins = burst.current.add(other.length, now.getTime());
    if (begins && other.some(({ queue_id: id }) => waysOf(settings.data, id, now).sound)) sound.current?.play();
    const seen = other.filter(({ queue_id: id }) => waysOf(settings.data, id, now).desktop);
    const [first] = seen;
    if (!first) return;
    const alone = begins && seen.length === 1;
    const shownNow = alone ? seen : [...toldNow.current];
    showDesktop({
      title: alone ? say.one(first.queue_name ?? "") : say.many(burst.current.count),
      body: alone ? say.number(first.n) : say.where(byQueue(shownNow)),
      tag: alone ? `kith.${first.id}` : "kith.burst",
      onClick: () => {
        open(shownNow);
      },
    });
  };

  /** Tells of what waits, unless somebody has looked meanwhile; what comes while this is asked goes together next. */
  const pump = async () => {
    if (busy.current) return;
    busy.current = true;
    try {
      while (waiting.current.size > 0) {
        const asked = [...waiting.current].slice(0, CHUNK);
        for (const [id] of asked) waiting.current.delete(id);
        const found = await getRequests({ id: asked.map(([id]) => id), unseen: true, limit: CHUNK }).catch(() => null);
        // Without an answer it is told all the same: rather twice than never.
        tellNow(found ? [...found.items].reverse() : asked.map(([id, queueId]) => ({ id, n: 0, queue_id: queueId ?? "", queue_name: nameOf(queueId) })));
      }
    } finally {
      busy.current = false;
    }
  };

  const nameOf = (queueId: string | null) => queues.data?.find(({ id }) => id === queueId)?.name ?? null;
  const isMine = (queueId: string | null) => queues.data?.some(({ id, is_member }) => id === queueId && is_member) ?? false;

  const react = useEffectEvent((event: LiveEvent) => {
    if (event.type === "reset") void catchUp();
    if (event.type !== "change") return;
    const { kind, id, created, queue_id: queueId } = event.change;
    if (kind === "queue") void queues.refetch(); // the user may have been taken in, or out
    // Until it is known whose queues are whose, what waits is looked up.
    if (kind === "request" && created && !queues.data) void catchUp();
    const tried = kind === "alert" ? TRY.exec(id)?.[1] : undefined;
    if (tried) {
      if (leads()) tryOut(tried);
    } else if (kind === "alert" || (kind === "request" && created && isMine(queueId))) {
      waiting.current.set(id, queueId);
      void pump();
    } else if (kind === "request" && toldNow.current.some((one) => one.id === id)) again.current?.add(id);
  });
  const tellNow = useEffectEvent(tell);

  const tryOut = (way: string) => {
    if (way === "sound") sound.current?.play();
    else showDesktop({ title: say.tryTitle, body: say.tryBody, tag: "kith.try", onClick: () => void go("/settings/notifications") });
  };

  /** What came while no page was open, or while the line was away for too long: told once, the oldest first. */
  const catchUp = async () => {
    const [mine, found] = await Promise.all([queues.data ?? queues.refetch().then(({ data }) => data ?? []), getRequests({ unseen: true, sort: "oldest", limit: 200 })]).catch(() => [[], null] as const);
    const members = new Set(mine.filter(({ is_member }) => is_member).map(({ id }) => id));
    const items = found?.items.filter(({ queue_id: id }) => members.has(id)) ?? [];
    const fresh = new Set(known.current.others(items.map(({ id }) => id)));
    if (fresh.size > 0) tellNow(items.filter(({ id }) => fresh.has(id)));
  };

  /** Takes out of the note what somebody has looked at. */
  const recheck = useEffectEvent(async () => {
    const ids = toldNow.current.map(({ id }) => id).slice(0, 200);
    if (ids.length === 0) return;
    const { items } = await getRequests({ id: ids, unseen: true, limit: 200 });
    const unseen = new Set(items.map(({ id }) => id));
    show(toldNow.current.filter(({ id }) => unseen.has(id) || !ids.includes(id)));
  });
  const again = useRef<Gatherer<string> | null>(null);

  const begin = useEffectEvent(() => void catchUp());
  useEffect(() => {
    const one = new OneSound();
    const gatherer = new Gatherer<string>(() => void recheck().catch(() => undefined), AGAIN_MS);
    sound.current = one;
    again.current = gatherer;
    const stop = hear((event) => {
      react(event);
    });
    begin();
    return () => {
      stop();
      one.close();
      gatherer.stop();
    };
  }, [hear]);

  return {
    told,
    open: () => {
      open(toldNow.current);
    },
    seen: async () => {
      const ids = toldNow.current.map(({ id }) => id);
      show([]);
      await markSeen(ids.slice(0, 500));
      await client.invalidateQueries({ queryKey: [...REQUESTS_KEY, "unseen"] });
    },
    close: () => {
      show([]);
    },
  };
}

/** How many in which queue, the most first. */
export function byQueue(told: readonly Told[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const { queue_name: name } of told) if (name) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a);
}
