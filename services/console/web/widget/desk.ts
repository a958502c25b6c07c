/** What stands in the place of the chat while nobody is there: when somebody is, other ways, and the contact form. */
import { type Answers, FormView } from "./formView";
import { hours, leads, type Queue, sentence } from "./queue";
import type { Site } from "./types";
import { element } from "./view";
import { fillAll, type Words } from "./words";

export type Leaving = "none" | "sending" | "kept" | "taken";

export class Desk {
  readonly root = element("div", "desk");
  readonly form: FormView;
  private readonly notice = element("div", "notice");
  private readonly done = element("div", "done");
  private readonly toChat = element("button", "go");
  private told = "";

  constructor(
    private readonly site: Site,
    private readonly words: Words,
    private readonly does: { leave(answers: Answers): void; another(): void; chat(): void },
  ) {
    this.form = new FormView(`kith:${site.key}:draft`, words, does.leave);
    this.toChat.type = "button";
    this.toChat.textContent = words.toChat;
    this.toChat.addEventListener("click", does.chat);
    this.root.append(this.notice, this.form.root, this.done, this.toChat);
  }

  show(queue: Queue, how: { form: boolean; leaving: Leaving; toChat: boolean }) {
    const language = this.site.language;
    const told = JSON.stringify([queue, how.leaving, sentence(queue, this.words, language)]);
    if (told !== this.told) {
      this.told = told;
      const focused = (this.root.getRootNode() as ShadowRoot).activeElement;
      const held = [this.notice, this.done].find((part) => part.contains(focused));
      this.tellQueue(queue);
      this.tellDone(queue, how.leaving);
      held?.querySelector<HTMLElement>("h3")?.focus(); // what had the focus was replaced
    }
    if (queue.form) this.form.show(queue.form);
    this.form.root.hidden = !how.form;
    this.done.hidden = how.leaving === "none";
    this.toChat.hidden = !how.toChat;
  }

  /** Go to where the visitor goes on: the first question, or what became of the message. */
  focus() {
    if (!this.form.root.hidden) this.form.focus();
    else (this.root.querySelector<HTMLElement>(".done:not([hidden]) h3") ?? this.root.querySelector<HTMLElement>("h3"))?.focus();
  }

  private tellQueue(queue: Queue) {
    const { words } = this;
    const language = this.site.language;
    const lines: HTMLElement[] = [heading(sentence(queue, words, language))];
    if (!queue.is_open) {
      if (queue.offline) {
        const text = element("p", "offline", queue.offline);
        text.dir = "auto";
        lines.push(text);
      }
      const week = hours(queue, language);
      if (week.length) {
        const list = element("dl", "hours");
        for (const [day, times] of week) list.append(element("dt", "", day), element("dd", "", times));
        lines.push(element("details", "", element("summary", "", words.hours), list));
      }
      const ways = queue.other_ways.flatMap((way) => {
        const href = leads(way);
        if (!href) return [];
        const link = element("a", "", way.label || way.value);
        link.href = href;
        link.dir = "auto";
        if (way.kind === "link") {
          link.target = "_blank";
          link.rel = "noopener noreferrer";
          link.append(element("span", "name", ` ${words.newTab}`));
        }
        const beside = way.label && way.kind !== "link" && way.label !== way.value ? [` ${way.value}`] : [];
        return [element("li", "", link, ...beside)];
      });
      if (ways.length) lines.push(element("h4", "", words.otherWays), element("ul", "ways", ...ways));
    }
    this.notice.replaceChildren(...lines);
  }

  private tellDone(queue: Queue, leaving: Leaving) {
    const { words } = this;
    if (leaving === "taken") {
      const another = element("button", "go", words.leaveAnother);
      another.type = "button";
      another.addEventListener("click", this.does.another);
      const thanks = element("p", "", queue.form?.thanks ?? "");
      thanks.dir = "auto";
      this.done.replaceChildren(heading(words.thanks), thanks, another);
    } else this.done.replaceChildren(heading(leaving === "kept" ? words.keptForm : words.sendingForm));
  }
}

/** What a form could not be taken for, in one sentence. */
export const refusal = (words: Words, why: string) => fillAll(words.formRefused, { why });

function heading(text: string): HTMLElement {
  const made = element("h3", "", text);
  made.tabIndex = -1;
  return made;
}
