/** Fault switches of the chosen bot or account. Rules made by the API that no switch can show stay as they are. */

import { attempt } from "./chat.js";
import { call, el, find } from "./dom.js";
import { base, on, side, state } from "./state.js";

const CHOICES = { off: "Off", once: "Once", some: "30 %", always: "Always" };
const PARTS = { once: { times: 1 }, some: { rate: 0.3 }, always: {} };
let rules = [];
let shownOn = null;

const keyOf = (rule) => (rule.kind === "error" ? `${rule.code}/${rule.subcode ?? 0}` : rule.kind);

const positionOf = (rule) => (!rule ? "off" : rule.times !== null ? "once" : rule.rate < 1 ? "some" : "always");

async function set(kind, choice) {
  const rule = { ...side().rule(kind), method: side().method, ...(kind === "slow" ? { seconds: 3 } : {}), ...PARTS[choice] };
  const kept = rules.filter((other) => keyOf(other) !== kind).map(({ times_left, ...other }) => ({ ...other, times: times_left ?? other.times }));
  await put({ rules: choice === "off" ? kept : [...kept, rule] });
}

async function put(faults) {
  show(await call("PUT", `${base()}/faults`, faults));
}

function show(faults) {
  rules = faults.rules;
  find("limits").checked = faults.limits;
  find("no-faults").hidden = rules.length === 0;
  build();
  for (const [kind] of side().faults) {
    const select = find(`fault-${kind}`);
    select.value = positionOf(rules.find((rule) => keyOf(rule) === kind));
    select.classList.toggle("set", select.value !== "off");
  }
}

function build() {
  if (shownOn === state.on) return;
  shownOn = state.on;
  find("faults").replaceChildren(...side().faults.flatMap(([kind, words]) => [
    el("label", { for: `fault-${kind}` }, words),
    el("select", { id: `fault-${kind}`, onchange: (event) => attempt(() => set(kind, event.target.value)) },
      ...Object.entries(CHOICES).map(([value, shown]) => el("option", { value }, shown))),
  ]));
  find("limits-of").textContent = `Hold the ${side().bot} to ${state.on === "telegram" ? "Telegram" : "Meta"}’s rate limits`;
  find("faults-about").textContent = `How the ${side().bot}’s messages should fail.`;
}

async function read() {
  find("faults-section").hidden = state.bot === null;
  if (state.bot !== null) show(await call("GET", `${base()}/faults`));
}

/** Wire the switches up. */
export function faults() {
  build();
  find("limits").onchange = (event) => attempt(() => put({ rules: rules.map(({ times_left, ...rule }) => ({ ...rule, times: times_left ?? rule.times })), limits: event.target.checked }));
  find("no-faults").onclick = () => attempt(async () => show(await call("DELETE", `${base()}/faults`)));
  on("faults", read);
  on("chosen", read);
}
