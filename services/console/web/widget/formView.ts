/** The contact form: what was written stays through closing and reloading, until it is sent. */
import type { Field, Form } from "./queue";
import { element } from "./view";
import type { Words } from "./words";

export type Answers = Record<string, string | string[] | boolean>;
type Errors = Record<string, string>;

export class FormView {
  readonly root = element("form", "leave");
  /** Whether something was written that is not sent yet. */
  dirty = false;
  private shown = "";
  private fields: Field[] = [];
  private draft: Answers;

  constructor(
    private readonly place: string,
    private readonly words: Words,
    onSubmit: (answers: Answers) => void,
  ) {
    this.draft = readDraft(place);
    this.dirty = Object.keys(this.draft).length > 0;
    this.root.noValidate = true;
    this.root.addEventListener("input", () => this.keep());
    this.root.addEventListener("submit", (event) => {
      event.preventDefault();
      const answers = this.read();
      const errors = this.missing(answers);
      this.mark(errors);
      if (Object.keys(errors).length === 0) onSubmit(answers);
    });
  }

  /** Show a form; what was written into fields that are still there stays. */
  show(form: Form) {
    const now = JSON.stringify(form);
    if (now === this.shown) return;
    const focused = this.root.contains(active(this.root)) ? active(this.root)?.id : undefined;
    this.shown = now;
    this.fields = form.fields;
    const title = element("h3", "", form.title);
    title.id = "leave-title";
    this.root.setAttribute("aria-labelledby", "leave-title");
    const send = element("button", "send wide", this.words.sendForm);
    this.root.replaceChildren(title, ...form.fields.map((field, at) => this.field(field, at)), send);
    if (focused) this.root.querySelector<HTMLElement>(`#${focused}`)?.focus();
  }

  focus() {
    this.root.querySelector<HTMLElement>("input,textarea")?.focus();
  }

  /** It was taken over: begin again with nothing. */
  clear() {
    this.draft = {};
    this.dirty = false;
    forget(this.place);
    const form = this.shown;
    this.shown = "";
    if (form) this.show(JSON.parse(form) as Form);
  }

  /** Put back what could not be taken, and say at each field why. */
  refill(answers: Answers, errors: Errors) {
    this.draft = answers;
    this.dirty = true;
    write(this.place, answers);
    const form = this.shown;
    this.shown = "";
    if (form) this.show(JSON.parse(form) as Form);
    this.mark(errors);
  }

  private mark(errors: Errors) {
    let first: HTMLElement | undefined;
    for (const [at, field] of this.fields.entries()) {
      const box = this.root.children[at + 1] as HTMLElement;
      const error = box.querySelector<HTMLElement>(".error")!;
      error.textContent = errors[field.id] ?? "";
      for (const input of box.querySelectorAll<HTMLElement>("input,textarea")) {
        if (errors[field.id]) input.setAttribute("aria-invalid", "true");
        else input.removeAttribute("aria-invalid");
        if (errors[field.id]) first ??= input;
      }
    }
    first?.focus();
  }

  private field(field: Field, at: number): HTMLElement {
    const id = `leave-${at}`;
    const error = element("p", "error");
    error.id = `${id}-error`;
    const label = [field.label, ...(field.required ? [] : [element("span", "quiet", ` (${this.words.optional})`)])];
    const described = (input: HTMLElement) => {
      input.setAttribute("aria-describedby", error.id);
      if (field.required) input.setAttribute("aria-required", "true");
    };
    const value = this.draft[field.id];
    if (field.kind === "choice") {
      const chosen = Array.isArray(value) ? value : [value];
      const group = element("fieldset", "field", element("legend", "", ...label));
      group.dir = "auto";
      for (const [number, choice] of field.choices.entries()) {
        const input = element("input");
        input.type = field.several ? "checkbox" : "radio";
        input.name = id;
        input.id = `${id}-${number}`;
        input.value = choice.id;
        input.checked = chosen.includes(choice.id);
        input.setAttribute("aria-describedby", error.id);
        group.append(element("label", "pick", input, element("span", "", choice.label)));
      }
      group.append(error);
      return group;
    }
    if (field.kind === "consent") {
      const input = element("input");
      input.type = "checkbox";
      input.name = input.id = id;
      input.checked = value === true;
      described(input);
      return element("div", "field", element("label", "pick", input, element("span", "", ...label)), error);
    }
    const input = field.kind === "text" ? element("textarea") : element("input");
    if (input instanceof HTMLTextAreaElement) input.rows = 4;
    else {
      input.type = field.kind === "email" ? "email" : field.kind === "phone" ? "tel" : "text";
      input.autocomplete = field.kind === "email" ? "email" : field.kind === "phone" ? "tel" : "name";
    }
    input.name = input.id = id;
    input.dir = "auto";
    input.maxLength = field.kind === "text" ? 4000 : field.kind === "name" ? 200 : 320;
    input.value = typeof value === "string" ? value : "";
    described(input);
    const caption = element("label", "", ...label);
    caption.htmlFor = id;
    return element("div", "field", caption, input, error);
  }

  private read(): Answers {
    const found: Answers = {};
    for (const [at, field] of this.fields.entries()) {
      const inputs = [...this.root.children[at + 1]!.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("input,textarea")];
      if (field.kind === "choice") {
        const chosen = inputs.filter((one) => (one as HTMLInputElement).checked).map((one) => one.value);
        if (chosen.length) found[field.id] = field.several ? chosen : chosen[0]!;
      } else if (field.kind === "consent") {
        if ((inputs[0] as HTMLInputElement).checked) found[field.id] = true;
      } else if (inputs[0]!.value.trim()) found[field.id] = inputs[0]!.value;
    }
    return found;
  }

  private missing(answers: Answers): Errors {
    const { words } = this;
    const found: Errors = {};
    for (const field of this.fields) {
      const answer = answers[field.id];
      if (field.required && answer === undefined) found[field.id] = field.kind === "consent" ? words.agree : words.required;
      if (field.kind === "email" && answer && !/^\S+@\S+\.\S+$/.test(String(answer).trim())) found[field.id] = words.notEmail;
    }
    return found;
  }

  private keep() {
    this.draft = this.read();
    this.dirty = Object.keys(this.draft).length > 0;
    write(this.place, this.draft);
  }
}

function active(inside: HTMLElement): Element | null {
  return (inside.getRootNode() as ShadowRoot).activeElement ?? null;
}

/** A draft is this tab's: it is gone when the tab is. */
function write(place: string, draft: Answers) {
  try {
    sessionStorage.setItem(place, JSON.stringify(draft));
  } catch {
    // the fields have it, for as long as the page lives
  }
}

function forget(place: string) {
  try {
    sessionStorage.removeItem(place);
  } catch {
    // nothing was kept
  }
}

function readDraft(place: string): Answers {
  try {
    const found: unknown = JSON.parse(sessionStorage.getItem(place) ?? "{}");
    return found && typeof found === "object" && !Array.isArray(found) ? (found as Answers) : {};
  } catch {
    return {};
  }
}
