/** The conversation: what was said, what is still to be sent, and the line on which answers come. */
import { Events } from "./events";
import type { Answers } from "./formView";
import type { Queue } from "./queue";
import { Away, forget, Refused, type HistoryItem, type Item, keep, keptUnder, newId, recall, Server } from "./server";
import type { Choice, Said, Site } from "./types";

export type Condition = "loading" | "there" | "lost" | "unavailable";

const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 30_000;
const SILENT = 40_000;
/** Kith says something every 15 s: a line that is silent for longer is dead. */

/** What became of a contact form. */
export type FormTaken =
  | { taken: true }
  | { taken: false; why: string; answers: Answers; errors: Record<string, string> };

export class Chat {
  readonly said: Said[] = [];
  /** What the site's queue says; null where it has none, or nobody could be asked yet. */
  queue: Queue | null = null;
  condition: Condition = "loading";
  private readonly server: Server;
  private readonly unsent: Item[];
  private readonly place: string;
  private readonly forms: string;
  private newest = 0;
  private flushing = false;
  private wake: () => void = () => {};

  constructor(
    private readonly site: Site,
    private readonly changed: (added: Said[]) => void,
    private readonly onForm: (form: FormTaken) => void,
  ) {
    this.server = new Server(site);
    this.place = `kith:${site.key}:unsent`;
    this.forms = formsPlace(site.key);
    this.unsent = [...readUnsent(recall(this.place)), ...keptUnder(this.forms).flatMap((name) => readUnsent(`[${recall(name)}]`))];
    addEventListener("online", () => this.wake());
  }

  /** Read what was said before, then listen for as long as the page lives. */
  async begin() {
    for (let failures = 0; this.condition === "loading" || this.condition === "lost"; failures++) {
      try {
        const [{ items, n }, queue] = await Promise.all([this.server.history(), this.server.state()]);
        this.newest = n;
        this.queue = queue;
        this.show(...items.map((item) => fromHistory(item, items)));
        for (const item of this.unsent) if (item.type !== "seen") this.show(ownOf(item));
        this.become("there");
        void this.flush();
        void this.listen();
        return;
      } catch (error) {
        await this.failed(error, failures);
      }
    }
  }

  say(text: string) {
    this.queueUp("message", { text, language: this.site.language });
  }

  press(said: Said, choice: Choice) {
    this.queueUp("press", { data: choice.data, n: said.n, language: this.site.language, label: choice.text });
  }

  /** Leave a contact form: kept by itself, so that no other page of the site can lose it. */
  leave(answers: Answers) {
    this.queueUp("form", { answers, language: this.site.language });
  }

  /** Whether a form waits to be taken. */
  get leaving(): boolean {
    return this.unsent.some((item) => item.type === "form");
  }

  seen(numbers: number[]) {
    if (numbers.length) this.queueUp("seen", { numbers: numbers.slice(-100) });
  }

  /** Rejects with what is wrong with the token. */
  identify(jwt: string): Promise<void> {
    return this.server.tell({ event_id: newId(), type: "identify", ts: new Date().toISOString(), payload: { jwt } });
  }

  private queueUp(type: Item["type"], payload: Item["payload"]) {
    const item: Item = { event_id: newId(), type, ts: new Date().toISOString(), payload };
    this.unsent.push(item);
    if (type === "form") keep(this.forms + item.event_id, JSON.stringify(item));
    else this.keepUnsent();
    if (type !== "seen") this.show(ownOf(item));
    void this.flush();
  }

  /** Send one after the other, each until it is taken or refused. The same id again and again has one effect. */
  private async flush() {
    if (this.flushing) return;
    this.flushing = true;
    for (let failures = 0; this.unsent.length && this.condition !== "unavailable"; ) {
      const item = this.unsent[0]!;
      try {
        await this.server.tell(item);
        this.sent(item, "sent");
        failures = 0;
      } catch (error) {
        if (error instanceof Refused && error.status !== 403 && error.status !== 404) this.sent(item, "refused", error);
        else await this.failed(error, failures++);
      }
    }
    this.flushing = false;
  }

  private sent(item: Item, state: "sent" | "refused", error?: Refused) {
    this.unsent.splice(this.unsent.indexOf(item), 1);
    if (item.type === "form") {
      forget(this.forms + item.event_id);
      if (error) this.said.splice(this.said.findIndex((one) => one.id === item.event_id), 1);
      this.onForm(error ? refusedForm(item, error) : { taken: true });
    } else this.keepUnsent();
    const said = this.said.find((one) => one.id === item.event_id);
    if (said) said.state = state;
    if (this.condition === "lost") this.condition = "there";
    this.changed([]);
  }

  private async listen() {
    for (let failures = 0; this.condition !== "unavailable"; ) {
      const hangUp = new AbortController();
      try {
        const answer = await this.server.ask(`stream?language=${encodeURIComponent(this.site.language)}`, {
          headers: { "Last-Event-ID": String(this.newest) },
          signal: hangUp.signal,
        });
        this.become("there");
        failures = 0;
        await this.follow(answer, hangUp);
      } catch (error) {
        hangUp.abort();
        await this.failed(error, failures++);
      }
    }
  }

  private async follow(answer: Response, hangUp: AbortController) {
    const pieces = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
    const events = new Events();
    for (;;) {
      const dead = setTimeout(() => hangUp.abort(), SILENT);
      const { value, done } = await pieces.read().finally(() => clearTimeout(dead));
      if (done) throw new Away(undefined);
      for (const { event, data } of events.take(value)) {
        if (event === "message") this.told(JSON.parse(data));
        if (event === "state") {
          this.queue = (JSON.parse(data) as { queue: Queue | null }).queue;
          this.changed([]);
        }
        if (event === "bye") throw new Away(1);
      }
    }
  }

  private told(line: { n: number; id: string; at: string; text: string; buttons: Choice[] }) {
    if (line.n <= this.newest) return;
    this.newest = line.n;
    this.show({ id: line.id, at: Date.parse(line.at), own: false, text: line.text, n: line.n, choices: line.buttons });
  }

  /** Wait until it makes sense to try again: at once when the network is back. */
  private async failed(error: unknown, failures: number) {
    if (error instanceof Refused) return this.become("unavailable");
    if (failures > 0 || this.condition === "loading") this.become("lost");
    const told = error instanceof Away && error.seconds ? error.seconds * 1000 : 0;
    const pause = Math.max(told, Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(failures, 5)));
    await new Promise<void>((go) => {
      const timer = setTimeout(go, pause * (0.75 + Math.random() / 2));
      const before = this.wake;
      this.wake = () => {
        before();
        clearTimeout(timer);
        this.wake = before;
        go();
      };
    });
  }

  private become(condition: Condition) {
    this.condition = condition;
    this.changed([]);
  }

  private show(...added: Said[]) {
    const news = added.filter((one) => !this.said.some((there) => there.id === one.id));
    this.said.push(...news);
    this.changed(news);
  }

  private keepUnsent() {
    keep(this.place, JSON.stringify(this.unsent.filter((item) => item.type !== "form")));
  }
}

/** The page may have put anything there. */
function readUnsent(kept: string | null): Item[] {
  try {
    const found: unknown = JSON.parse(kept ?? "[]");
    return Array.isArray(found) ? found.filter((one) => typeof one?.event_id === "string" && one.payload) : [];
  } catch {
    return [];
  }
}

/** Under which names forms are kept until they are taken. */
export const formsPlace = (key: string) => `kith:${key}:form:`;

function refusedForm(item: Item, error: Refused): FormTaken {
  const errors = Object.fromEntries(error.errors.map(({ field, message }) => [field.replace("payload.answers.", ""), message]));
  return { taken: false, why: error.message, answers: item.payload.answers as Answers, errors };
}

function ownOf(item: Item): Said {
  if (item.type === "form") return { id: item.event_id, at: Date.parse(item.ts), own: true, text: "", form: true, state: "sending" };
  const text = String(item.payload.label ?? item.payload.text);
  return { id: item.event_id, at: Date.parse(item.ts), own: true, text, state: "sending" };
}

/** A press is kept by what was behind the button: show it as it was written there. */
function fromHistory(item: HistoryItem, all: HistoryItem[]): Said {
  const at = Date.parse(item.at);
  if (item.direction === "out") {
    return { id: item.id, at, own: false, text: item.text, n: item.n ?? undefined, choices: item.buttons };
  }
  if (item.kind === "form") return { id: item.id, at, own: true, text: "", form: true };
  const choices = item.kind === "button" ? all.flatMap((one) => one.buttons) : [];
  const pressed = choices.find((one) => one.data === item.text || one.data.endsWith(`:${item.text}`));
  return { id: item.id, at, own: true, text: pressed?.text ?? item.text };
}
