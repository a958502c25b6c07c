/** The left side: bots, and the people who write to the one that is chosen. */

import { ask, call, el, find, hue, initials } from "./dom.js";
import { setUp } from "./setup.js";
import { SIDES } from "./sides.js";
import { base, choose, on, readBots, side, state, theBot, theChat } from "./state.js";

/** People who have not written yet are known to this page alone, by bot and chat id. */
const newcomers = new Map();

export const nameOf = (person) => person.name ?? [person.first_name, person.last_name].filter(Boolean).join(" ");

/** Who the chosen person is: as the sandbox knows them, or as they were just made. */
export function person() {
  return newcomers.get(`${state.bot}/${state.chat}`) ?? theChat()?.person ?? (state.chat === null ? null : state.on === "telegram" ? { first_name: `Person ${state.chat}` } : { name: `Person ${state.chat}` });
}

const link = (bot, chat) => `?${new URLSearchParams({ ...(state.on === "telegram" ? {} : { on: state.on }), bot, ...(chat === null ? {} : { chat }) })}`;

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
    small: [state.on === "telegram" || state.on === "instagram" ? `@${bot.username}` : bot.username || bot.bot_id, bot.pending_update_count && `${bot.pending_update_count} waiting`].filter(Boolean).join(" · "),
  })));
  find("bots-title").textContent = side().Bots;
  find("new-bot").textContent = side().make;
  find("setup").hidden = state.on === "telegram" || state.bot === null;
  find("no-bots").textContent = state.on === "telegram"
    ? "No bot yet. One appears when its token is first used: connect it in Kith’s console, or make one here."
    : `No ${side().bot} yet. Make one here, and take its id, token and app secret to Kith’s console.`;
  showChannels();
  find("no-bots").hidden = state.bots.length > 0;
  find("people-section").hidden = state.bot === null;
}

function showPeople() {
  const known = state.chats.map((chat) => ({ chat: chat.chat_id, person: chat.person, blocked: chat.blocked }));
  if (state.chat !== null && !known.some((one) => one.chat === state.chat)) known.unshift({ chat: state.chat, person: person() });
  find("people").replaceChildren(...known.map((one) => card({
    bot: state.bot, chat: one.chat, name: nameOf(one.person), current: one.chat === state.chat,
    small: `${one.chat}${one.blocked ? ` · blocked the ${side().bot}` : ""}`,
  })));
  find("no-people").hidden = known.length > 0;
}

function fields(who, id) {
  const chat = { name: "chat_id", label: "Chat ID", value: id, inputmode: state.on === "whatsapp" ? null : "numeric", required: true };
  return [...side().fields(who), ...(id === null ? [] : [chat])];
}

function checked({ chat_id, ...given }) {
  if (chat_id !== undefined && !side().chatId.test(chat_id)) throw new Error(side().wrongId);
  return side().checked(given);
}

function newPerson() {
  ask({
    title: "New person", about: "They are made here and known nowhere else.", ok: "Start chatting",
    fields: fields(side().fresh, side().newId()),
    act: async (given) => {
      newcomers.set(`${state.bot}/${given.chat_id}`, checked(given));
      await choose(state.bot, given.chat_id);
      setTimeout(() => find("words").focus());
    },
  });
}

function editPerson() {
  ask({
    title: "Edit person", about: `The ${side().bot} hears of it with the next message, as in ${side().title}.`, ok: "Save", fields: fields(person(), null),
    act: async (given) => { newcomers.set(`${state.bot}/${state.chat}`, checked(given)); showPeople(); showHead(); },
  });
}

function newBot() {
  if (state.on !== "telegram") {
    newAccount();
    return;
  }
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
      await choose(String(id), null);
    },
  });
}

function newAccount() {
  ask({
    title: side().make, about: "Made as on Meta’s developer pages, with an app of its own.", ok: "Make it", fields: [{ name: "name", label: "Name", value: "My shop", maxlength: 64 }],
    act: async ({ name }) => {
      const made = await call("POST", "/api/meta/accounts", { channel: state.on, name: name.trim() });
      await readBots();
      await choose(made.account_id, null);
      setTimeout(setUp);
    },
  });
}

function showChannels() {
  find("channels").replaceChildren(...Object.entries(SIDES).map(([channel, { title }]) => el("a", {
    href: channel === "telegram" ? "?" : `?on=${channel}`, "aria-current": channel === state.on ? "page" : null,
    onclick: (event) => { event.preventDefault(); if (channel !== state.on) choose(null, null, { on: channel }); },
  }, title)), el("a", { href: "/mail" }, "Mail"));
}

function showHead() {
  const who = person();
  const bot = theBot();
  find("edit-person").hidden = who === null;
  find("chat-title").textContent = who ? nameOf(who) : "No chat chosen";
  find("chat-facts").textContent = who
    ? [`writes to ${bot?.name ?? `a ${side().bot}`}`, `chat ID ${state.chat}`, who.username && `@${who.username}`, who.language_code, who.phone && (who.shows_phone ? `+${String(who.phone).replace(/^\+/, "")}` : "the number does not show")].filter(Boolean).join(" · ")
    : bot ? "Choose a person on the left, or make one." : `Choose a ${side().bot} and a person on the left.`;
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
  if (bot && !bot.webhook_url) words = state.on === "telegram"
    ? `This bot has no webhook yet. What you write waits until Kith is connected${waiting ? ` (${many})` : ""}.`
    : `This ${side().bot} has no webhook yet: nobody hears what you write. Set it up as on Meta’s pages.`;
  else if (waiting && bot.last_error) words = `${many}. The webhook did not take the last one: ${bot.last_error}. It is sent again.`;
  if (strip.textContent !== words) strip.textContent = words;
  strip.hidden = !words;
}

/** Wire the left side up. */
export function people() {
  find("new-bot").onclick = newBot;
  find("setup").onclick = () => setUp();
  find("new-person").onclick = newPerson;
  find("edit-person").onclick = editPerson;
  on("bots", () => { showBots(); showStrip(); showHead(); });
  on("chats", () => { showPeople(); showHead(); });
  on("chosen", () => { showBots(); showPeople(); showHead(); showStrip(); });
}

/** Do one thing as the chosen person. */
export async function say(what) {
  const who = person();
  const shown = state.on === "telegram" ? who : Object.fromEntries(["name", "username", "phone", "shows_phone"].filter((key) => who[key] !== undefined && who[key] !== "").map((key) => [key, who[key]]));
  const said = await call("POST", `${base()}/chats/${state.chat}/say`, { ...what, person: shown, wait: 0 });
  newcomers.delete(`${state.bot}/${state.chat}`);
  if (said.moved_to) await choose(state.bot, said.moved_to);
}
