export type SyntaxFault = "end" | "value" | "key" | "colon" | "comma" | "string" | "more";
export type TextFault = { line: number; syntax: SyntaxFault } | { line: number; twice: string };

export interface ReadJson {
  /** Null where the text is no JSON. */
  value: unknown;
  /** The line, from 1, on which each place stands: `steps.ask.text` → 12. */
  lines: ReadonlyMap<string, number>;
  faults: TextFault[];
}

const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const PLAIN = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
/** Deeper than any scenario goes; a guard for the stack. */
const DEEPEST = 50;

/** Reads JSON and notes where each place stands: JSON.parse tells neither that, nor faults the same in each browser. */
export function readJson(text: string): ReadJson {
  const walk = new Walk(text);
  try {
    walk.whole();
    return { value: JSON.parse(text) as unknown, lines: walk.lines, faults: walk.twice };
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return { value: null, lines: walk.lines, faults: [{ line: error.line, syntax: error.syntax }] };
  }
}

/** The line of a place, or of the nearest thing around it where it is not there, as with a name that is missing. */
export function lineOf(place: string, lines: ReadonlyMap<string, number>): number {
  for (let around = place; around; around = around.slice(0, Math.max(0, around.lastIndexOf(".")))) {
    const line = lines.get(around);
    if (line !== undefined) return line;
  }
  return lines.get("") ?? 1;
}

class Stop extends Error {
  constructor(
    readonly line: number,
    readonly syntax: SyntaxFault,
  ) {
    super(syntax);
  }
}

class Walk {
  readonly lines = new Map<string, number>();
  readonly twice: TextFault[] = [];
  #at = 0;
  #line = 1;

  constructor(private readonly text: string) {}

  whole(): void {
    this.#value([]);
    this.#skip();
    if (this.#at < this.text.length) this.#stop("more");
  }

  #value(place: string[]): void {
    this.#skip();
    const name = place.join(".");
    if (!this.lines.has(name)) this.lines.set(name, this.#line);
    const first = this.text[this.#at];
    if (place.length > DEEPEST) this.#stop("value");
    if (first === "{") this.#object(place);
    else if (first === "[") this.#list(place);
    else if (first === '"') this.#string();
    else if (this.#taken(PLAIN) === null) this.#stop("value");
  }

  #object(place: string[]): void {
    const seen = new Set<string>();
    this.#each("}", () => {
      if (this.text[this.#at] !== '"') this.#stop("key");
      const line = this.#line;
      const key = this.#string();
      if (seen.has(key)) this.twice.push({ line, twice: key });
      seen.add(key);
      this.lines.set([...place, key].join("."), line);
      this.#skip();
      if (this.text[this.#at] !== ":") this.#stop("colon");
      this.#at += 1;
      this.#value([...place, key]);
    });
  }

  #list(place: string[]): void {
    let number = 0;
    this.#each("]", () => {
      this.#value([...place, String(number)]);
      number += 1;
    });
  }

  /** Reads what stands between brackets, with commas between. */
  #each(close: string, read: () => void): void {
    this.#at += 1;
    this.#skip();
    if (this.text[this.#at] === close) {
      this.#at += 1;
      return;
    }
    for (;;) {
      this.#skip();
      read();
      this.#skip();
      const next = this.text[this.#at];
      if (next !== "," && next !== close) this.#stop("comma");
      this.#at += 1;
      if (next === close) return;
    }
  }

  #string(): string {
    return JSON.parse(this.#taken(STRING) ?? this.#stop("string")) as string;
  }

  #taken(form: RegExp): string | null {
    form.lastIndex = this.#at;
    const found = form.exec(this.text)?.[0] ?? null;
    this.#at += found?.length ?? 0;
    return found;
  }

  #skip(): void {
    for (; " \t\r\n".includes(this.text[this.#at] ?? "x"); this.#at += 1) if (this.text[this.#at] === "\n") this.#line += 1;
  }

  #stop(syntax: SyntaxFault): never {
    throw new Stop(this.#line, this.#at >= this.text.length ? "end" : syntax);
  }
}
