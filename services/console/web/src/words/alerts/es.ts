import type { AlertWords } from ".";

/** Las palabras de notas, avisos del escritorio y avisos fijos. */
export const alerts: AlertWords = {
  one: (queue) => (queue ? `Mensaje nuevo en ${queue}` : "Mensaje nuevo"),
  many: (count) => `${String(count)} mensajes nuevos`,
  number: (n) => (n > 0 ? `#${String(n)}, nadie ha mirado todavía` : "Nadie ha mirado todavía"),
  where: (queues) => queues.map(([name, count]) => `${name}: ${String(count)}`).join(", "),
  open: "Abrir",
  openLog: "Abrir el registro",
  seen: "Visto",
  seenAll: (count) => `Vistos los ${String(count)}`,
  seenHelp: "Ya no se avisa a nadie más.",
  closeHelp: "Cerrar. Sigue sin ver y se avisará a otros a tiempo.",
  allow: "Permitir avisos en el escritorio",
  banner: (queue) => `Un mensaje en ${queue} espera y nadie ha mirado.`,
  bannerMore: (count) => (count === 1 ? "Espera otro más." : `Esperan ${String(count)} más.`),
  look: "Mirarlo",
  tryTitle: "Así se ve",
  tryBody: "Un aviso de Kith, como pidió.",
};
