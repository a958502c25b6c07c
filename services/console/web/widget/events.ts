/** Server-sent events as they come in pieces (the WHATWG's HTML standard, §9.2), as far as Kith writes them. */
export interface Told {
  event: string;
  data: string;
}

export class Events {
  private rest = "";

  /** Take a piece; gives the events that are whole now. */
  take(piece: string): Told[] {
    const blocks = (this.rest + piece).split("\n\n");
    this.rest = blocks.pop() ?? "";
    return blocks.map(read).filter((told) => told.data !== "");
  }
}

function read(block: string): Told {
  const told: Told = { event: "message", data: "" };
  for (const line of block.split("\n")) {
    if (line.startsWith("event: ")) told.event = line.slice(7);
    if (line.startsWith("data: ")) told.data += line.slice(6);
  }
  return told;
}
