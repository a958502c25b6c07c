import type { AlertWords } from ".";

/** Die Wörter von Hinweisen, Benachrichtigungen und Bannern. */
export const alerts: AlertWords = {
  one: (queue) => (queue ? `Neue Nachricht in ${queue}` : "Neue Nachricht"),
  many: (count) => `${String(count)} neue Nachrichten`,
  number: (n) => (n > 0 ? `#${String(n)}, noch hat niemand nachgesehen` : "Noch hat niemand nachgesehen"),
  where: (queues) => queues.map(([name, count]) => `${name}: ${String(count)}`).join(", "),
  open: "Öffnen",
  openLog: "Protokoll öffnen",
  seen: "Gesehen",
  seenAll: (count) => `Alle ${String(count)} gesehen`,
  seenHelp: "Niemand sonst erfährt noch davon.",
  closeHelp: "Schließen. Sie bleibt ungesehen, und andere erfahren rechtzeitig davon.",
  allow: "Benachrichtigungen am Bildschirm erlauben",
  banner: (queue) => `Eine Nachricht in ${queue} wartet, und niemand hat nachgesehen.`,
  bannerMore: (count) => (count === 1 ? "Noch eine wartet." : `Noch ${String(count)} warten.`),
  look: "Ansehen",
  tryTitle: "So sieht es aus",
  tryBody: "Eine Benachrichtigung von Kith, wie gewünscht.",
};
