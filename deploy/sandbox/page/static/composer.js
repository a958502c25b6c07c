/** Below the conversation: words, and everything else that a person can send. */

import { attempt } from "./chat.js";
import { ask, call, find } from "./dom.js";
import { say } from "./people.js";
import { chatPath, on, state } from "./state.js";

let editing = null;

const remembered = () => `phone/${state.chat}`;

/** Ask for the person's own number, then send their own contact card, as Telegram's button does. */
export function shareOwnCard() {
  ask({
    title: "Share your phone number?", about: "The bot gets your own contact card, which proves that the number is yours.", ok: "Share",
    fields: [{ name: "phone", label: "Phone number", value: localStorage.getItem(remembered()) ?? "+47 912 34 567", type: "tel" }],
    act: async ({ phone }) => {
      await say({ contact: { own: true, phone } });
      localStorage.setItem(remembered(), phone);
    },
  });
}

function shareOtherCard() {
  ask({
    title: "Somebody else’s card", about: "Anybody can send anybody’s card: it proves nothing about the sender.", ok: "Send",
    fields: [{ name: "name", label: "Name on the card", value: "Kari Nordmann" }, { name: "phone", label: "Phone number", value: "+47 900 11 222", type: "tel" }],
    act: ({ name, phone }) => say({ contact: { own: false, phone, name } }),
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

const ACTS = {
  "own-card": shareOwnCard,
  "other-card": shareOtherCard,
  photo: () => say({ photo: true }),
  document: () => say({ document: true }),
  voice: () => say({ voice: true }),
  location: () => say({ location: true }),
  edit: startEditing,
  block: () => say({ block: true }),
};

function menu(open) {
  find("menu").hidden = !open;
  find("more").setAttribute("aria-expanded", String(open));
  if (open) find("menu").querySelector("button").focus();
}

function steps(event) {
  const items = [...find("menu").querySelectorAll("button")];
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
}
