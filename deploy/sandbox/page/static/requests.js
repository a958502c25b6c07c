/** The right side: what the bot sent, newest first. Rows wait while one is reading, so that nothing moves underneath. */

import { call, el, find } from "./dom.js";
import { on, side, state } from "./state.js";

const MOST = 60;
let newest = 0;
let round = 0;
let reading = false;

const path = (after) => {
  const query = new URLSearchParams({ [side().id]: state.bot, limit: MOST, newest: true, after });
  if (find("this-chat").checked && state.chat !== null) query.set("chat_id", state.chat);
  return `${side().requests}?${query}`;
};

function badge(entry) {
  if (entry.status === null) return el("span", { class: "status none", title: "Never answered" }, "none");
  return el("span", { class: `status ${entry.status < 400 ? "" : "bad"}` }, String(entry.status));
}

function gist(entry) {
  const refused = entry.answer?.error?.message ?? entry.answer?.description;
  const { text, message, interactive, url } = entry.body;
  const words = [entry.violation && "came before its wait was over", entry.fault && `fault: ${entry.fault}`, refused ?? text?.body ?? text ?? message?.text ?? interactive?.body?.text ?? url];
  return words.filter(Boolean).join(" · ") || (entry.chat_id === null ? "no parameters" : `chat ${entry.chat_id}`);
}

function row(entry) {
  const at = new Date(entry.at);
  const details = el("details", { class: "entry", "data-n": entry.n },
    el("summary", {}, badge(entry), el("span", { class: "method" }, entry.method),
      el("time", { datetime: entry.at, title: at.toLocaleString() }, at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" })),
      el("span", { class: "gist", dir: "auto" }, gist(entry))));
  details.addEventListener("toggle", () => {
    if (!details.open || details.querySelector("pre")) return;
    const part = (title, held) => [el("h3", {}, title), el("pre", { tabindex: "0" }, JSON.stringify(held, null, 2))];
    const facts = { delivered: entry.delivered, ledger_id: entry.ledger_id, ...entry.headers };
    details.append(...part("Sent", entry.body), ...part("Answered", entry.answer), ...part("Noted", facts));
  });
  return details;
}

function busy() {
  const entries = find("entries");
  return reading && (entries.scrollTop > 4 || entries.querySelector("details[open]"));
}

async function read({ asked = false } = {}) {
  const entries = find("entries");
  if (state.bot === null) {
    entries.replaceChildren(el("p", { class: "empty" }, `What a ${side().bot} sends is listed here, with the answer it got.`));
    return;
  }
  const asking = round;
  const found = (await call("GET", path(newest))).items;
  if (asking !== round) return;
  const items = found.filter((entry) => entry.n > newest);
  const fresh = find("fresh");
  if (busy() && !asked && items.length) {
    fresh.textContent = `${items.length === MOST ? `${MOST}+` : items.length} new`;
    fresh.hidden = false;
    return;
  }
  fresh.hidden = true;
  if (items.length) {
    newest = items[0].n;
    entries.querySelector(".empty")?.remove();
    entries.prepend(...items.map(row));
    while (entries.children.length > MOST) entries.lastChild.remove();
  } else if (!entries.children.length) {
    entries.append(el("p", { class: "empty" }, `Nothing yet. Calls of the ${side().bot} appear here as they come, with the answer each got.`));
  }
}

async function again() {
  newest = 0;
  round += 1;
  find("entries").replaceChildren();
  find("entries").scrollTop = 0;
  await read({ asked: true });
}

/** Wire the list up. */
export function requests() {
  const entries = find("entries");
  for (const [name, value] of [["pointerenter", true], ["focusin", true], ["pointerleave", false], ["focusout", false]]) {
    entries.addEventListener(name, () => { reading = value; });
  }
  find("fresh").onclick = () => { entries.scrollTop = 0; read({ asked: true }); };
  find("this-chat").onchange = again;
  on("requests", read);
  on("chosen", again);
}
