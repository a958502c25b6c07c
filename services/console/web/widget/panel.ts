/** The window of the chat: loaded when it is opened for the first time. */
import { Chat } from "./chat";
import { panelStyle } from "./style";
import type { Host, Panel, Said } from "./types";
import { bubble, element, showState } from "./view";
import { fill, wordsFor } from "./words";

const MOST_CHARACTERS = 4096;

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
  const panel = element("section", "panel", element("div", "head", title, close), log, line, form);
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-labelledby", "title");
  panel.hidden = true;
  root.querySelector("div")!.append(panel);

  const shown = new Map<string, HTMLElement>();
  const unseen = new Set<number>();
  let begun = false;
  const chat = new Chat(site, changed);

  function changed(added: Said[]) {
    const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
    for (const said of added) add(said);
    for (const said of chat.said) if (said.own) showState(shown.get(said.id)!, said, words);
    const { condition } = chat;
    log.setAttribute("aria-live", condition === "loading" ? "off" : "polite"); // what was said before is not read out
    empty.textContent = condition === "loading" ? words.loading : words.empty;
    empty.hidden = shown.size > 0 || condition === "unavailable";
    line.textContent = condition === "lost" ? words.lost : condition === "unavailable" ? words.unavailable : "";
    form.hidden = condition === "unavailable";
    if (added.some((said) => said.own) || (added.length && atEnd)) log.scrollTop = log.scrollHeight;
    noteSeen();
  }

  function add(said: Said) {
    const made = bubble(said, words, (choice) => {
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
      if (focus) input.focus();
    },
    close() {
      panel.hidden = true;
    },
    identify: (jwt) => chat.identify(jwt),
  };
}
