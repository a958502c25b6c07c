import { plural } from "../plural";

/** The words of Settings → Emails. */
export const emails = {
  title: "E-Mails",
  about: "E-Mails an Ihre Kollegen, die abgelehnt wurden, zurückkamen, verloren gingen oder warten.",
  again: "Noch einmal nachsehen",
  works: "Der Mailserver nimmt E-Mails an",
  away: "Der Mailserver nimmt gerade nichts an",
  notSet: "Kein Mailserver ist eingerichtet",
  notSetHelp: "E-Mails warten, bis es einen gibt: KITH_SMTP_URL in den Einstellungen der Installation.",
  waiting: (count: number, text: string) => plural("de", count, { one: `${text} E-Mail wartet, seit`, other: `${text} E-Mails warten, die älteste seit` }),
  columns: { to: "An", status: "Was daraus wurde", reason: "Grund", at: "Wann", tries: "Versuche", message: "Nachricht" },
  reasonHelp: "In den Worten des Mailservers.",
  statuses: { queued: "Wartet", failed: "Nicht zugestellt", unknown: "Vielleicht angekommen" },
  means: {
    queued: "Sie wird einen Tag lang wieder versucht.",
    failed: "Der Mailserver hat sie abgelehnt, oder sie kam zurück. Sie wird nicht noch einmal gesendet: Prüfen Sie die Adresse unter Benutzer.",
    unknown: "Die Leitung brach am Ende ab. Sie kann angekommen sein und wird deshalb nie zweimal gesendet.",
  },
  gone: "Jemand, der nicht mehr da ist",
  open: "Öffnen",
  tried: "Nur ein Versuch",
  emptyTitle: "Keine E-Mail ging verloren",
  empty: "Eine E-Mail, die abgelehnt wird, zurückkommt oder verloren geht, steht hier mit dem Grund.",
};
