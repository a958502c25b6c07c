/** Small words for the page: elements, calls, dialogs. Text is only ever set as text, never as HTML. */

export const find = (id) => document.getElementById(id);

/** An element with properties (`class`, `data-…` and `aria-…` as attributes) and children (elements or text). */
export function el(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

const SHAPES = {
  comment: ["M4 5h16v11H9l-5 4z"],
  contact: ["M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8z", "M4 20c1-4 4-6 8-6s7 2 8 6"],
  photo: ["M4 5h16v14H4z", "M4 16l5-5 4 4 3-3 4 4", "M15 9h.01"],
  document: ["M6 3h8l4 4v14H6z", "M14 3v4h4", "M9 13h6M9 17h6"],
  voice: ["M12 4v16", "M8 8v8", "M16 8v8", "M4 11v2", "M20 11v2"],
  location: ["M12 21s7-6 7-11a7 7 0 1 0-14 0c0 5 7 11 7 11z", "M12 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4z"],
};

/** A drawing for a kind of message. */
export function drawing(kind) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  for (const shape of SHAPES[kind] ?? SHAPES.document) {
    const path = document.createElementNS(space, "path");
    path.setAttribute("d", shape);
    svg.append(path);
  }
  return svg;
}

/** Call the sandbox's own API. Throws an Error whose message says what to do. */
export async function call(method, path, body) {
  const sent = body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
  let answer;
  try {
    answer = await fetch(path, { method, ...sent });
  } catch {
    throw new Error("The sandbox does not answer. Is it still running?");
  }
  const said = await answer.json();
  if (!answer.ok) {
    const first = said.errors?.[0];
    throw Object.assign(new Error(first ? first.message.replace(/^Value error, /, "") : said.detail ?? said.description), { status: answer.status });
  }
  return said;
}

/** Ask for a few fields in a modal dialog. `act` gets the values; what it throws is shown and the dialog stays. */
export function ask({ title, about = "", ok, fields, act }) {
  const dialog = find("dialog");
  find("dialog-title").textContent = title;
  find("dialog-about").textContent = about;
  find("dialog-ok").textContent = ok;
  find("dialog-wrong").textContent = "";
  find("dialog-fields").replaceChildren(...fields.map(field));
  find("dialog-form").onsubmit = async (event) => {
    event.preventDefault();
    find("dialog-ok").disabled = true;
    try {
      await act(Object.fromEntries(new FormData(event.target)));
      dialog.close();
    } catch (error) {
      find("dialog-wrong").textContent = error.message;
    } finally {
      find("dialog-ok").disabled = false;
    }
  };
  find("dialog-cancel").onclick = () => dialog.close();
  dialog.showModal();
  dialog.querySelector("input, select")?.select?.();
}

function field({ name, label, value = "", options = null, ...more }) {
  const control = options
    ? el("select", { name }, ...options.map(([held, shown]) => el("option", { value: held, selected: held === value }, shown)))
    : el("input", { name, value, autocomplete: "off", ...more });
  return el("label", {}, label, control);
}

/** Show a sentence for a moment. */
export function toast(words) {
  find("toast").textContent = words;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { find("toast").textContent = ""; }, 5000);
}

/** First letters of a name, and one of six colours that stays with an id. */
export const initials = (name) => [...name.split(/\s+/).filter(Boolean).map((part) => [...part][0])].slice(0, 2).join("").toUpperCase();
export const hue = (id) => `hue${Number(String(id).replace(/\D/g, "").slice(-6)) % 6}`;
export const clock = (at) => new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
