/**
 * What the script tag loads: the button, and nothing else before it is pressed. The panel comes from the address of
 * this very script.
 */
import { coloursOf } from "./colour";
import { buttonStyle } from "./style";
import type { Panel, Site } from "./types";
import { fill, wordsFor } from "./words";

declare const __PANEL__: string;
const LATEST_PANEL = "/widget-panel.js";

const script = (document.currentScript ?? document.querySelector("script[data-site-key]")) as HTMLScriptElement | null;
const key = script?.dataset.siteKey;

function begin(tag: HTMLScriptElement, siteKey: string) {
  const page = document.documentElement;
  const site: Site = {
    key: siteKey,
    origin: new URL(tag.src).origin,
    language: tag.dataset.language || page.lang || navigator.language || "en",
    rtl: getComputedStyle(page).direction === "rtl",
  };
  const words = wordsFor(site.language);
  const colours = coloursOf(tag.dataset.color);
  const opened = `kith:${siteKey}:open`;

  const host = document.createElement("kith-chat");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`:host{--kith:${colours.back};--on-kith:${colours.front}}${buttonStyle}`);
  root.adoptedStyleSheets = [sheet];
  const frame = document.createElement("div");
  frame.dir = site.rtl ? "rtl" : "ltr";
  frame.lang = words === wordsFor("en") ? "en" : site.language;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.setAttribute("aria-haspopup", "dialog");
  button.innerHTML =
    '<svg viewBox="0 0 24 24" width="26" height="26" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.8"' +
    ' stroke-linecap="round" stroke-linejoin="round"><path d="M21 12a8 8 0 0 1-8 8H4l2-3.2A8 8 0 1 1 21 12z"/></svg>';
  const badge = document.createElement("span");
  badge.className = "badge";
  badge.hidden = true;
  button.append(badge);
  frame.append(button);
  root.append(frame);

  let isOpen = false;
  let unread = 0;
  let loading: Promise<Panel> | undefined;
  let back: HTMLElement | null = null;

  function label() {
    button.setAttribute("aria-expanded", String(isOpen));
    button.setAttribute("aria-label", unread ? `${words.open}, ${fill(words.unread, unread)}` : words.open);
    button.hidden = isOpen;
    badge.hidden = !unread;
    badge.textContent = String(unread);
  }

  function panel(): Promise<Panel> {
    loading ??= load(site.origin)
      .then((module) =>
        module.start({
          site,
          root,
          onClose: () => close(),
          onUnread: (count) => {
            unread = count;
            label();
          },
        }),
      )
      .catch((error: unknown) => {
        loading = undefined; // the next press tries again
        throw error;
      });
    return loading;
  }

  async function open(focus = true) {
    if (isOpen) return;
    isOpen = true;
    back = document.activeElement instanceof HTMLElement && document.activeElement !== host ? document.activeElement : null;
    button.setAttribute("aria-busy", "true");
    try {
      const found = await panel();
      if (!isOpen) return;
      label();
      found.open(focus);
      remember(opened, "1");
    } catch {
      isOpen = false;
      button.title = words.lost;
    } finally {
      button.removeAttribute("aria-busy");
    }
  }

  function close() {
    if (!isOpen) return;
    const inside = root.activeElement !== null;
    isOpen = false;
    remember(opened, "");
    label();
    void loading?.then((found) => found.close());
    if (inside) (back && back !== document.body && back.isConnected ? back : button).focus();
  }

  label();
  button.addEventListener("click", () => void open());
  document.body.append(host);
  Object.defineProperty(window, "Kith", {
    value: {
      open: () => open(),
      close,
      identify: async (jwt: string) => (await panel()).identify(jwt),
    },
  });
  document.dispatchEvent(new Event("kith:ready"));
  if (recalled(opened)) void open(false);
  else if (keepsForm(siteKey)) void panel().then((found) => found.resume(), () => {});
}

async function load(origin: string): Promise<typeof import("./panel")> {
  try {
    return await import(/* @vite-ignore */ origin + __PANEL__);
  } catch {
    // another version was put there since this page was loaded: the newest has a name that stays
    return await import(/* @vite-ignore */ `${origin}${LATEST_PANEL}?${Date.now()}`);
  }
}

/** Whether an earlier page took a contact form that Kith does not have yet. */
function keepsForm(siteKey: string): boolean {
  try {
    return Object.keys(localStorage).some((name) => name.startsWith(`kith:${siteKey}:form:`));
  } catch {
    return false;
  }
}

function remember(name: string, value: string) {
  try {
    sessionStorage.setItem(name, value);
  } catch {
    // a page that may keep nothing begins closed
  }
}

function recalled(name: string): string | null {
  try {
    return sessionStorage.getItem(name);
  } catch {
    return null;
  }
}

if (script && key && !("Kith" in window)) {
  if (document.body) begin(script, key);
  else document.addEventListener("DOMContentLoaded", () => begin(script, key));
} else if (!key) {
  console.error('Kith: the script tag needs data-site-key="wk_…".');
}
