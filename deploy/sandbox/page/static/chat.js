/** The conversation: bubbles, buttons below them, the bot's keyboard, and what a press was answered with. */

import { call, clock, drawing, el, find, toast } from "./dom.js";
import { say } from "./people.js";
import { chatPath, on, side, state, theChat } from "./state.js";

const shown = new Map();
let noticeSeen = 0;
const NAMES = { photo: "Photo", document: "Document", voice: "Voice message", location: "Location", contact: "Contact", comment: "Comment below a post" };
const FACTS = { photo: "1280 × 960", document: "letter.pdf", voice: "0:04", location: "59.9115, 10.7336", comment: "for all to see" };

/** Run something that may fail, and say so where one looks. */
export async function attempt(what) {
  try {
    await what();
  } catch (error) {
    toast(error.message);
  }
}

function thing(message) {
  if (message.kind === "text" || message.kind === "other") return null;
  const card = message.contact;
  const title = card ? card.name : NAMES[message.kind];
  const fact = card ? `${card.phone}${card.own ? " · own card" : " · somebody else’s card"}` : FACTS[message.kind];
  return el("div", { class: "thing" }, drawing(message.kind), el("div", {}, el("span", { dir: "auto" }, title), el("small", {}, fact)));
}

function buttons(message) {
  if (!message.rows.length) return null;
  const one = (button) => button.data === null
    ? el("span", { title: button.url }, button.text)
    : el("button", { type: "button", onclick: () => attempt(() => say({ press: { message_id: message.id, data: button.data } })) }, button.text);
  return el("div", { class: "buttons" }, ...message.rows.map((row) => el("div", {}, ...row.map(one))));
}

function bubble(message, all) {
  const answered = all.find((other) => other.id === message.reply_to);
  const from = message.from === "bot" ? `The ${side().bot}` : "You";
  return el("div", { class: `bubble ${message.from} new`, "data-id": message.id },
    el("span", { class: "unseen" }, `${from}: `),
    answered && message.kind !== "contact" ? el("div", { class: "quote", dir: "auto" }, answered.text) : null,
    thing(message),
    message.text ? el("div", { class: "text", dir: "auto" }, message.text) : null,
    buttons(message),
    message.reaction ? el("span", { class: "reaction" }, message.reaction) : null,
    message.error ? el("p", { class: "failed" }, message.error) : null,
    el("span", { class: "meta" }, message.edited ? "edited " : "", message.answers_comment ? "private reply · " : "", message.status ? `${message.status} · ` : "", el("time", { datetime: message.at, title: new Date(message.at).toLocaleString() }, clock(message.at))));
}

function place(messages) {
  const log = find("log");
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  log.querySelector(".hello")?.remove();
  for (const message of messages) {
    const looks = JSON.stringify(message);
    const known = shown.get(message.id);
    if (known?.looks === looks) continue;
    const made = bubble(message, messages);
    if (known) {
      made.classList.remove("new");
      known.made.replaceWith(made);
    } else {
      log.append(made);
    }
    shown.set(message.id, { looks, made });
  }
  if (!messages.length) log.replaceChildren(hello());
  if (atEnd) log.scrollTop = log.scrollHeight;
}

function hello() {
  const words = state.bot === null
    ? `Once there is a ${side().bot}, you can write to it here as any person you like, and see what it answers.`
    : state.chat === null
      ? `Choose who you want to be on the left. Then write to the ${side().bot} as they would.`
      : `Nothing said yet. ${side().hello}`;
  return el("p", { class: "hello" }, words);
}

function keyboard(chat, share) {
  const rows = chat?.keyboard ?? [];
  const one = (button) => el("button", { type: "button", onclick: () => (button.request_contact ? share() : attempt(() => say({ text: button.text }))) }, button.text);
  const looks = JSON.stringify(rows);
  const holder = find("keyboard");
  if (holder.dataset.looks === looks) return;
  holder.dataset.looks = looks;
  holder.replaceChildren(...rows.map((row) => el("div", {}, ...row.map(one))));
  holder.hidden = !rows.length;
}

function notice(chat) {
  const said = chat?.notice;
  if (said && said.at > noticeSeen) {
    noticeSeen = said.at;
    toast(said.text);
  }
}

function frame(share) {
  const chat = theChat();
  find("composer").hidden = state.chat === null || Boolean(chat?.blocked);
  find("blocked").hidden = !chat?.blocked;
  keyboard(chat, share);
  notice(chat);
}

async function read() {
  const path = chatPath();
  if (state.chat === null || !theChat()) {
    place([]);
    return;
  }
  const { items } = await call("GET", `${path}/messages?limit=200`);
  if (path === chatPath()) place(items);
}

/** Wire the conversation up. `share` asks for the person's own number and sends their card. */
export function chat(share) {
  on("chat", read);
  on("chats", () => frame(share));
  on("chosen", async () => {
    shown.clear();
    noticeSeen = theChat()?.notice?.at ?? 0;
    find("log").replaceChildren();
    frame(share);
    await read();
    find("log").scrollTop = find("log").scrollHeight;
  });
  find("unblock").onclick = () => attempt(() => say({ unblock: true }));
}
