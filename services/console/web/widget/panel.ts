/** The window of the chat: loaded when it is opened for the first time. */
import { Chat, type FormTaken } from "./chat";
import { Desk, type Leaving, refusal } from "./desk";
import { panelStyle } from "./style";
import { sentence } from "./queue";
import type { Host, Panel, Said } from "./types";
import { bubble, element, showState } from "./view";
import { fill, wordsFor } from "./words";

const MOST_CHARACTERS = 4096;
/** Behind a button of the scenario's that opens the contact form. */
const OPEN_FORM = "form:open";

export function start({ site, root, onClose, onUnread }: Host): Panel {
  const words = wordsFor(site.language);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(panelStyle);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];

  const title = element("h2", "", words.title);
  title.id = "title";
  const close = element("button", "close", "✕");
  close.type = "button";
  close.setAttribute("aria-label", words.close);
  const log = element("div", "log");
  log.setAttribute("role", "log");
  log.setAttribute("aria-label", words.log);
  log.tabIndex = 0;
  const empty = element("p", "empty", words.loading);
  log.append(empty);
  const line = element("div", "state-line");
  line.setAttribute("role", "status");
  const input = element("textarea");
  input.rows = 1;
  input.placeholder = words.write;
  input.setAttribute("aria-label", words.write);
  input.dir = "auto";
  const send = element("button", "send", words.send);
  const form = element("form", "form", input, send);
  const desk = new Desk(site, words, {
    leave(answers) {
      leaving = "sending";
      chat.leave(answers);
      desk.form.clear();
      desk.focus();
    },
    another() {
      leaving = "none";
      wanted = "form";
      arrange();
      desk.focus();
    },
    chat() {
      if (leaving === "taken") leaving = "none";
      wanted = "chat";
      arrange();
      (form.hidden ? log : input).focus();
    },
  });
  const leave = element("button", "send wide", words.leave);
  leave.type = "button";
  leave.addEventListener("click", openForm);
  const bar = element("p", "bar");
  const foot = element("div", "foot", leave);
  const panel = element("section", "panel", element("div", "head", title, close), bar, log, desk.root, line, form, foot);
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-labelledby", "title");
  panel.hidden = true;
  root.querySelector("div")!.append(panel);

  const shown = new Map<string, HTMLElement>();
  const unseen = new Set<number>();
  let begun = false;
  let leaving: Leaving = "none";
  /** What the visitor went to by themselves. */
  let wanted: "chat" | "form" | null = null;
  const chat = new Chat(site, changed, left);

  /** Show the chat, or what stands in its place while nobody is there. */
  function arrange() {
    const { queue, condition } = chat;
    const focused = root.activeElement;
    const shut = queue !== null && !queue.is_open && queue.when_closed !== "bot";
    const asks = queue?.form != null && leaving === "none" && wanted !== "chat" && (wanted === "form" || (shut && queue.when_closed === "form") || desk.form.dirty);
    const instead = queue !== null && (asks || leaving !== "none" || (shut && wanted !== "chat"));
    if (leaving === "sending" || leaving === "kept") leaving = condition === "lost" ? "kept" : "sending";
    desk.root.hidden = !instead;
    if (instead) desk.show(queue, { form: asks, leaving, toChat: (shown.size > 0 || !shut) && leaving !== "sending" });
    log.hidden = instead;
    const gone = condition === "unavailable";
    form.hidden = instead || shut || gone;
    foot.hidden = instead || !shut || gone || !queue?.form;
    bar.hidden = instead || queue === null || queue.is_open;
    bar.textContent = queue === null ? "" : sentence(queue, words, site.language);
    if (!panel.hidden && focused?.closest("[hidden]")) goTo();
  }

  desk.root.hidden = bar.hidden = foot.hidden = true;

  function openForm() {
    wanted = "form";
    leaving = "none";
    arrange();
    desk.focus();
  }

  function left(found: FormTaken) {
    const nowhere = document.activeElement === null || document.activeElement === document.body;
    const inside = !panel.hidden && (nowhere || desk.root.contains(root.activeElement));
    leaving = found.taken ? "taken" : "none";
    if (!found.taken) {
      wanted = "form";
      arrange();
      desk.form.refill(found.answers, found.errors);
      line.textContent = Object.keys(found.errors).length ? words.fix : refusal(words, found.why);
      return;
    }
    arrange();
    line.textContent = words.thanks;
    if (inside) desk.focus();
  }

  function changed(added: Said[]) {
    const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
    for (const said of added) add(said);
    for (const said of chat.said) if (said.own) showState(shown.get(said.id)!, said, words);
    const { condition } = chat;
    log.setAttribute("aria-live", condition === "loading" ? "off" : "polite"); // what was said before is not read out
    empty.textContent = condition === "loading" ? words.loading : words.empty;
    empty.hidden = shown.size > 0 || condition === "unavailable";
    line.textContent = condition === "lost" ? words.lost : condition === "unavailable" ? words.unavailable : "";
    if (chat.leaving && leaving !== "sending") leaving = "kept";
    arrange();
    if (added.some((said) => said.own) || (added.length && atEnd)) log.scrollTop = log.scrollHeight;
    noteSeen();
  }

  function add(said: Said) {
    const made = bubble(said, words, (choice) => {
      if (choice.data === OPEN_FORM) return openForm();
      chat.press(said, choice);
      input.focus();
    });
    if (said.own) for (const choice of log.querySelectorAll<HTMLButtonElement>(".choice")) choice.disabled = true;
    shown.set(said.id, made);
    log.append(made);
    if (said.n !== undefined && begun && chat.condition !== "loading") unseen.add(said.n);
  }

  function noteSeen() {
    if (!panel.hidden && document.visibilityState === "visible" && unseen.size) {
      chat.seen([...unseen]);
      unseen.clear();
    }
    onUnread(panel.hidden ? unseen.size : 0);
  }

  function submit() {
    const text = input.value.trim();
    if (!text) return;
    if (text.length > MOST_CHARACTERS) {
      line.textContent = fill(words.tooLong, text.length);
      return;
    }
    input.value = "";
    chat.say(text);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
    input.focus();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      submit();
    }
  });
  panel.addEventListener("keydown", (event) => {
    event.stopPropagation(); // the page's own shortcuts are not meant
    if (event.key === "Escape") onClose();
  });
  close.addEventListener("click", onClose);
  document.addEventListener("visibilitychange", noteSeen);

  function goTo() {
    if (!desk.root.hidden) desk.focus();
    else if (!form.hidden) input.focus();
    else log.focus();
  }

  function begin() {
    if (begun) return;
    begun = true;
    void chat.begin();
  }

  return {
    open(focus) {
      panel.hidden = false;
      begin();
      log.scrollTop = log.scrollHeight;
      noteSeen();
      if (focus) goTo();
    },
    resume: begin,
    close() {
      panel.hidden = true;
    },
    identify: (jwt) => chat.identify(jwt),
  };
}
