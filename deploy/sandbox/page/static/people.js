/** The left side: bots, and the people who write to the one that is chosen. */

import { ask, call, el, find, hue, initials } from "./dom.js";
import { base, choose, on, readBots, state, theBot, theChat } from "./state.js";

const LANGUAGES = [
  ["en", "English"], ["es", "Spanish"], ["de", "German"], ["nb", "Norwegian"], ["fr", "French"], ["pt-br", "Portuguese (Brazil)"],
  ["ru", "Russian"], ["uk", "Ukrainian"], ["ar", "Arabic"], ["he", "Hebrew"], ["hi", "Hindi"], ["zh-hans", "Chinese"], ["", "Not said"],
];

/** People who have not written yet are known to this page alone, by bot and chat id. */
const newcomers = new Map();

export const nameOf = (person) => [person.first_name, person.last_name].filter(Boolean).join(" ");

/** Who the chosen person is: as the sandbox knows them, or as they were just made. */
export function person() {
  return newcomers.get(`${state.bot}/${state.chat}`) ?? theChat()?.person ?? (state.chat === null ? null : { first_name: `Person ${state.chat}` });
}

const link = (bot, chat) => `?${new URLSearchParams(chat === null ? { bot } : { bot, chat })}`;

function card({ bot, chat, name, small, current, isBot }) {
  const id = isBot ? bot : chat;
  const go = (event) => { event.preventDefault(); choose(bot, chat); };
  return el("li", {}, el("a", { href: link(bot, chat), "aria-current": current ? "true" : null, onclick: go },
    el("span", { class: `avatar ${isBot ? "bot" : ""} ${hue(id)}`, "aria-hidden": "true" }, initials(name)),
    el("span", {}, el("b", { dir: "auto", title: name }, name), el("small", {}, small))));
}

function showBots() {
  find("bots").replaceChildren(...state.bots.map((bot) => card({
    bot: bot.bot_id, chat: null, name: bot.name, isBot: true, current: bot.bot_id === state.bot,
    small: `@${bot.username}${bot.pending_update_count ? ` · ${bot.pending_update_count} waiting` : ""}`,
  })));
  find("no-bots").hidden = state.bots.length > 0;
  find("people-section").hidden = state.bot === null;
}

function showPeople() {
  const known = state.chats.map((chat) => ({ chat: chat.chat_id, person: chat.person, blocked: chat.blocked }));
  if (state.chat !== null && !known.some((one) => one.chat === state.chat)) known.unshift({ chat: state.chat, person: person() });
  find("people").replaceChildren(...known.map((one) => card({
    bot: state.bot, chat: one.chat, name: nameOf(one.person), current: one.chat === state.chat,
    small: `${one.chat}${one.blocked ? " · blocked the bot" : ""}`,
  })));
  find("no-people").hidden = known.length > 0;
}

function fields(who, id) {
  return [
    { name: "first_name", label: "First name", value: who.first_name, maxlength: 64, required: true },
    { name: "last_name", label: "Last name", value: who.last_name ?? "", maxlength: 64 },
    { name: "username", label: "Username (without @)", value: who.username ?? "", maxlength: 32 },
    { name: "language_code", label: "Language of their app", value: who.language_code ?? "", options: LANGUAGES },
    ...(id === null ? [] : [{ name: "chat_id", label: "Chat ID", value: String(id), inputmode: "numeric", required: true }]),
  ];
}

function checked({ first_name, chat_id, ...rest }) {
  if (!first_name.trim()) throw new Error("Give the person a first name.");
  if (chat_id !== undefined && !/^[1-9]\d{0,14}$/.test(chat_id)) throw new Error("A chat ID is a whole number, such as 550123456.");
  if (rest.username && !/^\w{1,32}$/.test(rest.username)) throw new Error("A username has letters, digits and _ only.");
  return Object.fromEntries(Object.entries({ first_name: first_name.trim(), ...rest }).filter(([, value]) => value));
}

function newPerson() {
  const id = 500_000_000 + crypto.getRandomValues(new Uint32Array(1))[0] % 400_000_000;
  ask({
    title: "New person", about: "They are made here and known nowhere else.", ok: "Start chatting",
    fields: fields({ first_name: "", language_code: "en" }, id),
    act: async (given) => {
      newcomers.set(`${state.bot}/${Number(given.chat_id)}`, checked(given));
      await choose(state.bot, Number(given.chat_id));
      setTimeout(() => find("words").focus());
    },
  });
}

function editPerson() {
  ask({
    title: "Edit person", about: "The bot hears of it with the next message, as in Telegram.", ok: "Save", fields: fields(person(), null),
    act: async (given) => { newcomers.set(`${state.bot}/${state.chat}`, checked(given)); showPeople(); showHead(); },
  });
}

function newBot() {
  const random = crypto.getRandomValues(new Uint8Array(35));
  const id = 1_000_000_000 + crypto.getRandomValues(new Uint32Array(1))[0] % 8_000_000_000;
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  const token = `${id}:${[...random].map((byte) => letters[byte % 64]).join("")}`;
  ask({
    title: "New bot", about: "Take its token to Kith’s console: Channels → Connections.", ok: "Make it",
    fields: [{ name: "name", label: "Name", value: "My shop", maxlength: 64 }, { name: "token", label: "Token (copy it now)", value: token, readonly: true }],
    act: async ({ name }) => {
      await call("POST", `/telegram/bot${token}/setMyName`, { name: name.trim() });
      await readBots();
      await choose(id, null);
    },
  });
}

function showHead() {
  const who = person();
  const bot = theBot();
  find("edit-person").hidden = who === null;
  find("chat-title").textContent = who ? nameOf(who) : "No chat chosen";
  find("chat-facts").textContent = who
    ? [`writes to ${bot?.name ?? "a bot"}`, `chat ID ${state.chat}`, who.username && `@${who.username}`, who.language_code].filter(Boolean).join(" · ")
    : bot ? "Choose a person on the left, or make one." : "Choose a bot and a person on the left.";
  find("chat-avatar").hidden = who === null;
  find("chat-avatar").className = `avatar ${who ? hue(state.chat) : ""}`;
  find("chat-avatar").textContent = who ? initials(nameOf(who)) : "";
  document.title = who ? `${nameOf(who)} · Kith sandbox` : "Kith sandbox";
}

function showStrip() {
  const bot = theBot();
  const strip = find("strip");
  const waiting = bot?.pending_update_count ?? 0;
  const many = waiting === 1 ? "1 update waits" : `${waiting} updates wait`;
  let words = "";
  if (bot && !bot.webhook_url) words = `This bot has no webhook yet. What you write waits until Kith is connected${waiting ? ` (${many})` : ""}.`;
  else if (waiting && bot.last_error) words = `${many}. The webhook did not take the last one: ${bot.last_error}. It is sent again.`;
  if (strip.textContent !== words) strip.textContent = words;
  strip.hidden = !words;
}

/** Wire the left side up. */
export function people() {
  find("new-bot").onclick = newBot;
  find("new-person").onclick = newPerson;
  find("edit-person").onclick = editPerson;
  on("bots", () => { showBots(); showStrip(); showHead(); });
  on("chats", () => { showPeople(); showHead(); });
  on("chosen", () => { showBots(); showPeople(); showHead(); showStrip(); });
}

/** Do one thing as the chosen person. */
export async function say(what) {
  const who = person();
  await call("POST", `${base()}/chats/${state.chat}/say`, { ...what, person: who, wait: 0 });
  newcomers.delete(`${state.bot}/${state.chat}`);
}
