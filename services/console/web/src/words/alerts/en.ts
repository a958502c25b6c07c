/** The words of notes, desktop notifications and banners. */
export const alerts = {
  one: (queue: string) => (queue ? `New message in ${queue}` : "New message"),
  many: (count: number) => `${String(count)} new messages`,
  number: (n: number) => (n > 0 ? `#${String(n)}, nobody has looked yet` : "Nobody has looked yet"),
  where: (queues: [string, number][]) => queues.map(([name, count]) => `${name}: ${String(count)}`).join(", "),
  open: "Open",
  openLog: "Open the log",
  seen: "Seen",
  seenAll: (count: number) => `Seen, all ${String(count)}`,
  seenHelp: "Nobody else is told of it any more.",
  closeHelp: "Close. It stays unseen, and others are told in time.",
  allow: "Allow desktop notifications",
  banner: (queue: string) => `A message in ${queue} waits, and nobody has looked.`,
  bannerMore: (count: number) => (count === 1 ? "One more waits, too." : `${String(count)} more wait, too.`),
  look: "Look at it",
  tryTitle: "This is how it looks",
  tryBody: "A notification of Kith’s, as you asked for.",
};
