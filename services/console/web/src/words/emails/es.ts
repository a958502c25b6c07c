import { plural } from "../plural";

/** The words of Settings → Emails. */
export const emails = {
  title: "Correos",
  about: "Correos a sus compañeros que fueron rechazados, volvieron, se perdieron o esperan.",
  again: "Mirar otra vez",
  works: "El servidor de correo acepta correos",
  away: "El servidor de correo no acepta nada ahora mismo",
  notSet: "No hay servidor de correo",
  notSetHelp: "Los correos esperan hasta que lo haya: KITH_SMTP_URL, en los ajustes de la instalación.",
  waiting: (count: number, text: string) => plural("es", count, { one: `${text} correo espera, desde`, other: `${text} correos esperan, el más antiguo desde` }),
  columns: { to: "Para", status: "Qué pasó", reason: "Motivo", at: "Cuándo", tries: "Intentos", message: "Mensaje" },
  reasonHelp: "Con las palabras del servidor de correo.",
  statuses: { queued: "Espera", failed: "No entregado", unknown: "Quizá llegó" },
  means: {
    queued: "Se intenta de nuevo durante un día.",
    failed: "El servidor de correo lo rechazó, o volvió. No se envía otra vez: revise la dirección en Usuarios.",
    unknown: "La línea se cortó al final. Puede haber llegado, así que nunca se envía dos veces.",
  },
  gone: "Alguien que ya no está",
  open: "Abrirlo",
  tried: "Solo una prueba",
  emptyTitle: "Ningún correo se perdió",
  empty: "Un correo que se rechaza, vuelve o se pierde aparece aquí, con el motivo.",
};
