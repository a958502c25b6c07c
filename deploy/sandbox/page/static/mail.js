/** The sandbox's mails: what its mail server was sent, and how taking them should fail. */

import { call, el, find } from "./dom.js";
import { SIDES } from "./sides.js";

const MAILS = "/api/mail/messages";
const FAULTS = "/api/mail/faults";
const CHOICES = { off: "Off", once: "Once", some: "30 %", always: "Always" };
const PARTS = { once: { times: 1 }, some: { rate: 0.3 }, always: {} };
const KINDS = [
  ["later", "Refused for now (451)", { kind: "refuse", at: "recipient", code: 451 }],
  ["never", "No such mailbox (550)", { kind: "refuse", at: "recipient", code: 550 }],
  ["spam", "Text refused (554)", { kind: "refuse", at: "end", code: 554 }],
  ["away", "Server is away", { kind: "drop", at: "connect" }],
  ["slow", "Slow by 3 s", { kind: "slow", at: "end", seconds: 3 }],
  ["before", "Line breaks, mail lost", { kind: "drop", at: "end", kept: false }],
  ["after", "Line breaks, mail kept", { kind: "drop", at: "end", kept: true }],
];
const MOST = 200;
let rules = [];
let chosen = Number(new URLSearchParams(location.search).get("n")) || null;

const isSame = (rule, wanted) => Object.entries(wanted).every(([name, value]) => rule[name] === value);
const positionOf = (rule) => (!rule ? "off" : rule.times !== null ? "once" : rule.rate < 1 ? "some" : "always");

/** Do something that may be refused; why stands below the switches. */
async function attempt(act) {
  try {
    await act();
    find("wrong").textContent = "";
  } catch (error) {
    find("wrong").textContent = error.message;
  }
}

function lineIs(how) {
  find("line").className = `line ${how}`;
  find("line").textContent = how === "on" ? "Live" : "The line to the sandbox is lost; trying again";
}

function card({ n, to, subject, at }) {
  const when = new Date(at * 1000);
  return el("li", {}, el("a", { href: `?n=${n}`, "data-n": n, "aria-current": n === chosen ? "true" : null, onclick: (event) => { event.preventDefault(); choose(n); } },
    el("span", {}, el("b", { dir: "auto" }, subject || "(no subject)"), el("small", {}, `${to.join(", ")} · ${when.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}`))));
}

async function readMails() {
  const to = find("to").value.trim();
  const { items } = await call("GET", `${MAILS}?${new URLSearchParams({ limit: MOST, ...(to && { to }) })}`);
  const focused = document.activeElement?.dataset?.n;
  find("mails").replaceChildren(...items.map(card));
  if (focused) find("mails").querySelector(`[data-n="${focused}"]`)?.focus();
  find("no-mails").hidden = items.length > 0;
  find("no-mails").textContent = to ? `No mail to ${to}.` : "No mail yet. Tick email in Kith’s console under Settings → Notifications, and try it there.";
  find("clear").hidden = items.length === 0;
  if (chosen === null && items.length > 0) await choose(items[0].n, false);
}

async function choose(n, push = true) {
  chosen = n;
  for (const link of find("mails").querySelectorAll("a")) {
    if (Number(link.dataset.n) === n) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  if (push && location.search !== `?n=${n}`) history.pushState(null, "", `?n=${n}`);
  try {
    show(await call("GET", `${MAILS}/${n}`));
  } catch (error) {
    if (error.status !== 404) throw error;
    show(null);
  }
}

function show(mail) {
  find("subject").textContent = mail ? mail.subject || "(no subject)" : "No mail chosen";
  const facts = mail ? [["From", mail.from], ["To", mail.to.join(", ")], ["When", new Date(mail.at * 1000).toLocaleString()]] : [];
  find("facts").replaceChildren(...facts.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
  find("text").hidden = find("raw").hidden = !mail;
  find("text").textContent = mail?.text ?? "";
  find("source").textContent = mail?.raw ?? "";
}

function showFaults(faults) {
  rules = faults.rules;
  find("no-faults").hidden = rules.length === 0;
  for (const [id, , wanted] of KINDS) {
    const select = find(`fault-${id}`);
    select.value = positionOf(rules.find((rule) => isSame(rule, wanted)));
    select.classList.toggle("set", select.value !== "off");
  }
}

/** Rules made by the API that no switch can show stay as they are. */
async function set(wanted, choice) {
  const kept = rules.filter((rule) => !isSame(rule, wanted));
  showFaults(await call("PUT", FAULTS, { rules: choice === "off" ? kept : [...kept, { ...wanted, ...PARTS[choice] }] }));
}

async function read() {
  await readMails();
  showFaults(await call("GET", FAULTS));
}

find("channels").replaceChildren(
  ...Object.entries(SIDES).map(([channel, { title }]) => el("a", { href: channel === "telegram" ? "/" : `/?on=${channel}` }, title)),
  el("a", { href: "/mail", "aria-current": "page" }, "Mail"),
);
find("faults").replaceChildren(...KINDS.flatMap(([id, words, wanted]) => [
  el("label", { for: `fault-${id}` }, words),
  el("select", { id: `fault-${id}`, onchange: (event) => attempt(() => set(wanted, event.target.value)) },
    ...Object.entries(CHOICES).map(([value, shown]) => el("option", { value }, shown))),
]));
find("no-faults").onclick = () => attempt(async () => showFaults(await call("PUT", FAULTS, { rules: [] })));
find("clear").onclick = () => attempt(async () => { await call("DELETE", MAILS); chosen = null; show(null); await readMails(); });
find("to").oninput = () => { void readMails(); };
addEventListener("popstate", () => { const n = Number(new URLSearchParams(location.search).get("n")); if (n) void choose(n, false); });

if (chosen !== null) await choose(chosen, false).catch(() => lineIs("off"));
const source = new EventSource("/api/telegram/live");
source.addEventListener("ready", () => { lineIs("on"); read().catch(() => lineIs("off")); });
source.addEventListener("error", () => lineIs("off"));
source.addEventListener("change", (event) => { if (JSON.parse(event.data).includes("mail")) read().catch(() => lineIs("off")); });
