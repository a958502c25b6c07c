/** Below the conversation: words, and everything else that a person can send. */

import { attempt } from "./chat.js";
import { ask, call, find } from "./dom.js";
import { say } from "./people.js";
import { chatPath, on, side, state } from "./state.js";

let editing = null;

const remembered = () => `phone/${state.chat}`;

/** Ask for the person's own number, then send their own contact card, as Telegram's button does. */
export function shareOwnCard() {
  ask({
    title: "Share your phone number?", ok: "Share",
    about: state.on === "telegram" ? "The bot gets your own contact card, which proves that the number is yours." : "The page gets your number, as by the key that asks for it.",
    fields: [{ name: "phone", label: "Phone number", value: localStorage.getItem(remembered()) ?? "+47 912 34 567", type: "tel" }],
    act: async ({ phone }) => {
      await say({ contact: state.on === "telegram" ? { own: true, phone } : { phone } });
      localStorage.setItem(remembered(), phone);
    },
  });
}

function shareOtherCard() {
  ask({
    title: "Somebody else’s card", about: "Anybody can send anybody’s card: it proves nothing about the sender.", ok: "Send",
    fields: [{ name: "name", label: "Name on the card", value: "Kari Nordmann" }, { name: "phone", label: "Phone number", value: "+47 900 11 222", type: "tel" }],
    act: ({ name, phone }) => say({ contact: state.on === "telegram" ? { own: false, phone, name } : { phone, name } }),
  });
}

async function startEditing() {
  const { items } = await call("GET", `${chatPath()}/messages?limit=200`);
  const last = items.filter((message) => message.from === "person" && message.text).at(-1);
  if (!last) throw new Error("There is nothing of yours to edit yet.");
  editing = last.id;
  find("editing").hidden = false;
  find("words").value = last.text;
  find("words").focus();
}

function stopEditing() {
  editing = null;
  find("editing").hidden = true;
  find("words").value = "";
}

function comment() {
  ask({
    title: "Comment below a post", about: "For all to see. The account may answer it once, in private, within seven days.", ok: "Comment",
    fields: [{ name: "text", label: "Comment", value: "How much is it?", maxlength: 2200 }], act: ({ text }) => say({ comment: { text } }),
  });
}

function changeNumber() {
  ask({
    title: "Change your number", about: "WhatsApp tells the business of it.", ok: "Change",
    fields: [{ name: "phone", label: "New number", value: "+47 999 99 999", type: "tel" }], act: ({ phone }) => say({ new_number: phone }),
  });
}

/** Show what can be done on the channel that is chosen. */
function fitMenu() {
  for (const item of find("menu").querySelectorAll("[data-on]")) item.hidden = !item.dataset.on.split(" ").includes(state.on);
  find("menu").querySelector('[data-do="block"]').textContent = `Block the ${side().bot}`;
  find("blocked").querySelector("p").textContent = `This person has blocked the ${side().bot}. It cannot write to them.`;
}

const ACTS = {
  "own-card": shareOwnCard,
  "other-card": shareOtherCard,
  photo: () => say({ photo: true }),
  document: () => say({ document: true }),
  voice: () => say({ voice: true }),
  location: () => say({ location: true }),
  edit: startEditing,
  block: () => say({ block: true }),
  comment,
  reaction: () => say({ reaction: { emoji: "👍" } }),
  read: () => say({ read: true }),
  stop: () => say({ stop: true }),
  resume: () => say({ resume: true }),
  number: changeNumber,
  later: () => call("POST", `${chatPath()}/later`, { hours: 24.1 }),
};

function menu(open) {
  find("menu").hidden = !open;
  find("more").setAttribute("aria-expanded", String(open));
  if (open) find("menu").querySelector("button:not([hidden])").focus();
}

function steps(event) {
  const items = [...find("menu").querySelectorAll("button:not([hidden])")];
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (event.key === "Escape") {
    menu(false);
    find("more").focus();
  } else if (to !== undefined) {
    event.preventDefault();
    items.at(to % items.length).focus();
  }
}

async function send() {
  const words = find("words").value.trim();
  if (!words) return;
  const edited = editing;
  stopEditing();
  find("words").focus();
  try {
    await say(edited === null ? { text: words } : { edit: { message_id: edited, text: words } });
  } catch (error) {
    find("words").value ||= words;
    throw error;
  }
}

/** Wire the composer up. */
export function composer() {
  find("composer").onsubmit = (event) => { event.preventDefault(); attempt(send); };
  find("words").onkeydown = (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      attempt(send);
    } else if (event.key === "ArrowUp" && !find("words").value) {
      event.preventDefault();
      attempt(startEditing);
    } else if (event.key === "Escape" && editing !== null) {
      stopEditing();
    }
  };
  find("stop-editing").onclick = () => { stopEditing(); find("words").focus(); };
  find("more").onclick = () => menu(find("menu").hidden);
  find("menu").onkeydown = steps;
  find("menu").onclick = (event) => {
    const act = ACTS[event.target.dataset.do];
    if (!act) return;
    menu(false);
    find("more").focus();
    attempt(act);
  };
  document.addEventListener("click", (event) => { if (!event.target.closest(".more")) menu(false); });
  on("leaving", stopEditing);
  on("chosen", fitMenu);
}
