/** What sets the channels apart: where each side's API is, what people are there, and what can be done or go wrong. */

const digits = (count) => [...crypto.getRandomValues(new Uint8Array(count))].map((byte, at) => (at ? byte % 10 : 1 + byte % 9)).join("");

const LANGUAGES = [
  ["en", "English"], ["es", "Spanish"], ["de", "German"], ["nb", "Norwegian"], ["fr", "French"], ["pt-br", "Portuguese (Brazil)"],
  ["ru", "Russian"], ["uk", "Ukrainian"], ["ar", "Arabic"], ["he", "Hebrew"], ["hi", "Hindi"], ["zh-hans", "Chinese"], ["", "Not said"],
];
const WIRE = [
  ["429", "Too many requests"], ["500", "Internal error (500)"], ["502", "Bad gateway (502)"], ["silence", "No answer at all"],
  ["reset", "Connection breaks"], ["slow", "Slow by 3 s"],
];
const name = (who) => ({ name: "name", label: "Name", value: who.name ?? "", maxlength: 64, required: true });
const username = (who) => ({ name: "username", label: "Username (without @)", value: who.username ?? "", maxlength: 64 });
const filled = (given) => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ""));

function named(given) {
  if (!given.name.trim()) throw new Error("Give the person a name.");
  if (given.username && !/^[\w.]{1,64}$/.test(given.username)) throw new Error("A username has letters, digits, dots and _ only.");
  return filled({ ...given, name: given.name.trim() });
}

const meta = (channel, of) => ({
  list: `/api/meta/accounts?channel=${channel}`, one: "/api/meta/accounts", requests: "/api/meta/requests", id: "account_id", method: "messages",
  chatId: /^\d{1,20}$/, wrongId: "A chat ID is a number of at most 20 digits.", newId: () => digits(16),
  fresh: { name: "" }, fields: (who) => [name(who), username(who)], checked: named,
  rule: (kind) => (/^\d+\//.test(kind) ? { kind: "error", code: Number(kind.split("/")[0]), ...(Number(kind.split("/")[1]) ? { subcode: Number(kind.split("/")[1]) } : {}) } : { kind }),
  ...of,
});

export const SIDES = {
  telegram: {
    title: "Telegram", bot: "bot", Bots: "Bots", make: "New bot", hello: "Bots are usually greeted with /start.",
    list: "/api/telegram/bots", one: "/api/telegram/bots", requests: "/api/telegram/requests", id: "bot_id", method: "sendMessage",
    chatId: /^[1-9]\d{0,14}$/, wrongId: "A chat ID is a whole number, such as 550123456.",
    newId: () => String(500_000_000 + crypto.getRandomValues(new Uint32Array(1))[0] % 400_000_000),
    fresh: { first_name: "", language_code: "en" },
    fields: (who) => [
      { name: "first_name", label: "First name", value: who.first_name, maxlength: 64, required: true },
      { name: "last_name", label: "Last name", value: who.last_name ?? "", maxlength: 64 },
      { name: "username", label: "Username (without @)", value: who.username ?? "", maxlength: 32 },
      { name: "language_code", label: "Language of their app", value: who.language_code ?? "", options: LANGUAGES },
    ],
    checked: (given) => {
      if (!given.first_name.trim()) throw new Error("Give the person a first name.");
      if (given.username && !/^\w{1,32}$/.test(given.username)) throw new Error("A username has letters, digits and _ only.");
      return filled({ ...given, first_name: given.first_name.trim() });
    },
    rule: (kind) => ({ kind }),
    faults: [...WIRE, ["blocked", "Bot was blocked"], ["deactivated", "User is deactivated"], ["chat_not_found", "Chat not found"]],
  },
  whatsapp: meta("whatsapp", {
    title: "WhatsApp", bot: "number", Bots: "Numbers", make: "New number", hello: "Say hello: the window is then open for 24 hours.",
    chatId: /^([A-Z]{2}\.[A-Za-z0-9]{1,128}|\d{5,20})$/, wrongId: "A chat ID is a user id such as NO.1349120865530274, or a phone’s digits.",
    newId: () => `NO.${digits(16)}`, fresh: { name: "", username: "", phone: `+479${digits(7)}`, shows_phone: true },
    fields: (who) => [
      name(who), username(who), { name: "phone", label: "Phone number", value: who.phone ? `+${String(who.phone).replace(/^\+/, "")}` : "", type: "tel" },
      { name: "shows_phone", label: "What the business sees", value: who.shows_phone ? "yes" : "no", options: [["yes", "The number"], ["no", "The username only"]] },
    ],
    checked: (given) => {
      const shows = given.shows_phone === "yes";
      if (shows && !given.phone.trim()) throw new Error("Give the number that shows.");
      return { ...named({ ...given, shows_phone: "" }), shows_phone: shows };
    },
    faults: [...WIRE, ["131047/0", "Outside the window"], ["131026/0", "Undeliverable"], ["131056/0", "Pair rate"], ["131048/0", "Spam limit"], ["190/0", "Token expired"]],
  }),
  messenger: meta("messenger", {
    title: "Messenger", bot: "page", Bots: "Pages", make: "New page", hello: "Say hello: the window is then open for 24 hours.", fields: (who) => [name(who)],
    faults: [...WIRE, ["10/2018278", "Outside the window"], ["551/1545041", "Person not available"], ["100/2018001", "No such person"], ["4/0", "App’s limit"], ["190/0", "Token expired"]],
  }),
  instagram: meta("instagram", {
    title: "Instagram", bot: "account", Bots: "Accounts", make: "New account", hello: "Say hello, or write a comment below a post.",
    faults: [...WIRE, ["10/2534022", "Outside the window"], ["551/1545041", "Person not available"], ["10900/0", "Comment answered already"], ["4/0", "App’s limit"], ["190/0", "Token expired"]],
  }),
};
