/** What the script tag says, read once. */
export interface Site {
  key: string;
  /** Kith's origin, without a slash at the end. */
  origin: string;
  /** The visitor's language as the page says it; the scenario answers in it. */
  language: string;
  rtl: boolean;
}

export interface Choice {
  text: string;
  data: string;
}

export type SendState = "sending" | "sent" | "refused";

/** One message as it is shown. */
export interface Said {
  id: string;
  at: number;
  own: boolean;
  text: string;
  /** Of a message to the visitor: its number in the chat. */
  n?: number;
  choices?: Choice[];
  /** Set of a contact form: its words are in the queue's log alone. */
  form?: true;
  state?: SendState;
}

/** What the panel gives to the loader. */
export interface Panel {
  open(focus: boolean): void;
  close(): void;
  /** Send what an earlier page could not, without being opened. */
  resume(): void;
  identify(jwt: string): Promise<void>;
}

/** What the loader gives to the panel. */
export interface Host {
  site: Site;
  root: ShadowRoot;
  onClose(): void;
  onUnread(count: number): void;
}
