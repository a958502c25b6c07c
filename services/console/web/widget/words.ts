/** The widget's words. Languages are those of the console; who speaks another one gets English. */
const EN = {
  open: "Open chat",
  close: "Close chat",
  unread: "{n} new",
  title: "Chat",
  log: "Messages",
  write: "Write a message",
  send: "Send",
  you: "You",
  us: "Answer",
  sending: "Sending…",
  refused: "Not sent",
  lost: "No connection. Trying again…",
  loading: "Loading…",
  unavailable: "The chat is not available on this page.",
  empty: "Write to us. The answer comes here.",
  tooLong: "This is too long: {n} of 4096 characters.",
};
export type Words = typeof EN;

const ES: Words = {
  open: "Abrir el chat",
  close: "Cerrar el chat",
  unread: "{n} nuevos",
  title: "Chat",
  log: "Mensajes",
  write: "Escriba un mensaje",
  send: "Enviar",
  you: "Usted",
  us: "Respuesta",
  sending: "Enviando…",
  refused: "No enviado",
  lost: "Sin conexión. Se intenta de nuevo…",
  loading: "Cargando…",
  unavailable: "El chat no está disponible en esta página.",
  empty: "Escríbanos. La respuesta llega aquí.",
  tooLong: "Es demasiado largo: {n} de 4096 caracteres.",
};

const DE: Words = {
  open: "Chat öffnen",
  close: "Chat schließen",
  unread: "{n} neu",
  title: "Chat",
  log: "Nachrichten",
  write: "Nachricht schreiben",
  send: "Senden",
  you: "Sie",
  us: "Antwort",
  sending: "Wird gesendet…",
  refused: "Nicht gesendet",
  lost: "Keine Verbindung. Neuer Versuch…",
  loading: "Wird geladen…",
  unavailable: "Der Chat ist auf dieser Seite nicht verfügbar.",
  empty: "Schreiben Sie uns. Die Antwort kommt hierher.",
  tooLong: "Das ist zu lang: {n} von 4096 Zeichen.",
};

export function wordsFor(language: string): Words {
  const base = language.toLowerCase().split("-")[0];
  return base === "es" ? ES : base === "de" ? DE : EN;
}

export const fill = (text: string, n: number) => text.replace("{n}", String(n));
