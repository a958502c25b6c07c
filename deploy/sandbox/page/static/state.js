/** What is chosen, what is known, and the line to the sandbox that says what changed. */

import { call } from "./dom.js";
import { SIDES } from "./sides.js";

export const state = { on: "telegram", bot: null, chat: null, bots: [], chats: [] };

const listeners = { bots: [], chats: [], chat: [], faults: [], requests: [], leaving: [], chosen: [] };
let turns = 0;

/** Run `what` when that part changed: bots, chats, chat, faults, requests; leaving and chosen (another bot or chat). */
export const on = (part, what) => listeners[part].push(what);
export const tell = (part) => Promise.all(listeners[part].map((listener) => listener()));

export const side = () => SIDES[state.on];
export const base = () => `${side().one}/${state.bot}`;
export const chatPath = () => `${base()}/chats/${state.chat}`;
export const theBot = () => state.bots.find((bot) => bot.bot_id === state.bot) ?? null;
export const theChat = () => state.chats.find((chat) => chat.chat_id === state.chat) ?? null;

/** Read the bots, and the people of the one that is chosen. */
export async function readBots() {
  const of = state.on;
  const { items } = await call("GET", side().list);
  if (of !== state.on) return;
  state.bots = items.map((bot) => ({ ...bot, bot_id: String(bot[side().id]) }));
  if (!theBot()) state.bot = state.bots[0]?.bot_id ?? null;
  await tell("bots");
}

export async function readChats() {
  const of = state.bot;
  const items = of === null ? [] : (await call("GET", `${base()}/chats`)).items;
  if (of !== state.bot) return;
  state.chats = items.map((chat) => ({ ...chat, chat_id: String(chat.chat_id) }));
  await tell("chats");
}

/** Choose a bot and a chat; the address follows, so that it can be shared and gone back to. */
export async function choose(bot, chat, { push = true, on: channel = state.on } = {}) {
  turns += 1;
  const turn = turns;
  if (channel !== state.on) {
    state.on = channel;
    state.bot = bot;
    state.chat = null;
    state.bots = [];
    await readBots();
    if (turn !== turns) return;
    bot = state.bot;
  }
  state.bot = bot;
  state.chat = chat;
  state.chats = [];
  await tell("leaving");
  await readChats();
  if (turn !== turns) return;
  if (state.chat === null && state.chats.length) {
    state.chat = state.chats[0].chat_id;
    await tell("chats");
  }
  const query = new URLSearchParams(Object.entries({ on: state.on === "telegram" ? null : state.on, bot: state.bot, chat: state.chat }).filter(([, value]) => value !== null));
  if (push && `?${query}` !== location.search) history.pushState(null, "", `?${query}`);
  await tell("bots");
  await tell("chosen");
}

/** Whether something was chosen already. */
export const chosen = () => turns > 0;

/** What the address names: /?on=…&bot=…&chat=… */
export function inAddress() {
  const query = new URLSearchParams(location.search);
  const given = (name, form) => (form.test(query.get(name) ?? "") ? query.get(name) : null);
  const on = query.get("on") ?? "";
  return { on: on in SIDES ? on : "telegram", bot: given("bot", /^\d+$/), chat: given("chat", /^[\w.]+$/) };
}

/** Listen to the sandbox. Changes are gathered for a moment, so that a flood does not become a flood of reads. */
export function listen(lineIs) {
  const waiting = new Set();
  let timer = null;
  const flush = async () => {
    const parts = new Set(waiting);
    waiting.clear();
    try {
      const before = state.bot;
      if (parts.has("bots")) await readBots();
      if (parts.has("chats")) await readChats();
      if (state.bot !== before || (state.chat === null && state.chats.length)) await choose(state.bot, null, { push: false });
      for (const part of ["chat", "faults", "requests"]) if (parts.has(part)) await tell(part);
    } catch { /* the line will say that it is lost */ }
    timer = waiting.size ? setTimeout(flush, 120) : null;
  };
  const add = (...parts) => {
    for (const part of parts) waiting.add(part);
    timer ??= setTimeout(flush, 30);
  };
  const source = new EventSource("/api/telegram/live");
  source.addEventListener("ready", () => { lineIs("on"); add("bots", "chats", "chat", "faults", "requests"); });
  source.addEventListener("error", () => lineIs("off"));
  source.addEventListener("change", (event) => {
    for (const name of JSON.parse(event.data)) {
      const [part, bot, chat] = name.split("/");
      if (part === "bots") add("bots");
      else if (bot !== state.bot) continue;
      else if (part === "chat") add("chats", ...(chat === state.chat ? ["chat"] : []));
      else if (part === "update") add("bots");
      else add(part);
    }
  });
}
