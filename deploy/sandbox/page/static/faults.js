/** Fault switches of the chosen bot. Rules made by the API that no switch can show stay as they are. */

import { attempt } from "./chat.js";
import { call, el, find } from "./dom.js";
import { base, on, state } from "./state.js";

const KINDS = [
  ["429", "Too many requests"], ["500", "Internal error (500)"], ["502", "Bad gateway (502)"], ["silence", "No answer at all"],
  ["reset", "Connection breaks"], ["slow", "Slow by 3 s"], ["blocked", "Bot was blocked"], ["deactivated", "User is deactivated"],
  ["chat_not_found", "Chat not found"],
];
const CHOICES = { off: "Off", once: "Once", some: "30 %", always: "Always" };
const PARTS = { once: { times: 1 }, some: { rate: 0.3 }, always: {} };
let rules = [];

const positionOf = (rule) => (!rule ? "off" : rule.times !== null ? "once" : rule.rate < 1 ? "some" : "always");

async function set(kind, choice) {
  const rule = { kind, method: "sendMessage", ...(kind === "slow" ? { seconds: 3 } : {}), ...PARTS[choice] };
  const kept = rules.filter((other) => other.kind !== kind).map(({ times_left, ...other }) => ({ ...other, times: times_left ?? other.times }));
  await put({ rules: choice === "off" ? kept : [...kept, rule] });
}

async function put(faults) {
  show(await call("PUT", `${base()}/faults`, faults));
}

function show(faults) {
  rules = faults.rules;
  find("limits").checked = faults.limits;
  find("no-faults").hidden = rules.length === 0;
  for (const [kind] of KINDS) {
    const select = find(`fault-${kind}`);
    select.value = positionOf(rules.find((rule) => rule.kind === kind));
    select.classList.toggle("set", select.value !== "off");
  }
}

async function read() {
  find("faults-section").hidden = state.bot === null;
  if (state.bot !== null) show(await call("GET", `${base()}/faults`));
}

/** Wire the switches up. */
export function faults() {
  find("faults").append(...KINDS.flatMap(([kind, words]) => [
    el("label", { for: `fault-${kind}` }, words),
    el("select", { id: `fault-${kind}`, onchange: (event) => attempt(() => set(kind, event.target.value)) },
      ...Object.entries(CHOICES).map(([value, shown]) => el("option", { value }, shown))),
  ]));
  find("limits").onchange = (event) => attempt(() => put({ rules: rules.map(({ times_left, ...rule }) => ({ ...rule, times: times_left ?? rule.times })), limits: event.target.checked }));
  find("no-faults").onclick = () => attempt(async () => show(await call("DELETE", `${base()}/faults`)));
  on("faults", read);
  on("chosen", read);
}
