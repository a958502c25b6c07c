/** Elements of the panel. Texts are only ever set as text. */
import type { Choice, Said } from "./types";
import type { Words } from "./words";

const LINK = /https?:\/\/[^\s<>"']+[^\s<>"'.,:;!?)\]]/g;

export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  className = "",
  ...inside: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...inside);
  return made;
}

export function bubble(said: Said, words: Words, press: (choice: Choice) => void): HTMLElement {
  const text = element("div", "text", element("span", "name", `${said.own ? words.you : words.us}: `), ...linked(said.form ? words.formSent : said.text));
  text.dir = "auto";
  const made = element("div", said.own ? "said own" : "said", text);
  if (said.choices?.length) {
    const choices = element("div", "choices");
    for (const choice of said.choices) {
      const button = element("button", "choice", choice.text);
      button.type = "button";
      button.dir = "auto";
      button.addEventListener("click", () => press(choice));
      choices.append(button);
    }
    made.append(choices);
  }
  if (said.own) made.append(element("div", "state"));
  return made;
}

export function showState(made: HTMLElement, said: Said, words: Words) {
  const state = made.querySelector(".state");
  made.classList.toggle("refused", said.state === "refused");
  const text = said.state === "sending" ? words.sending : said.state === "refused" ? words.refused : "";
  if (state && state.textContent !== text) state.textContent = text;
}

function linked(text: string): (Node | string)[] {
  const found: (Node | string)[] = [];
  let at = 0;
  for (const match of text.matchAll(LINK)) {
    const link = element("a", "", match[0]);
    link.href = match[0];
    link.target = "_blank";
    link.rel = "noopener noreferrer nofollow";
    found.push(text.slice(at, match.index), link);
    at = match.index + match[0].length;
  }
  found.push(text.slice(at));
  return found;
}
