import { plural } from "../plural";

/** The words of Settings → Emails. */
export const emails = {
  title: "Emails",
  about: "Emails to your colleagues that were refused, came back, got lost, or wait.",
  again: "Look again",
  works: "The mail server takes emails",
  away: "The mail server takes nothing just now",
  notSet: "No mail server is set",
  notSetHelp: "Emails wait until one is: KITH_SMTP_URL, in the settings of the installation.",
  waiting: (count: number, text: string) => plural("en", count, { one: `${text} email waits, since`, other: `${text} emails wait, the oldest since` }),
  columns: { to: "To", status: "What became of it", reason: "Reason", at: "When", tries: "Tries", message: "Message" },
  reasonHelp: "In the mail server’s own words.",
  statuses: { queued: "Waits", failed: "Not delivered", unknown: "Perhaps arrived" },
  means: {
    queued: "It is tried again, for a day.",
    failed: "The mail server refused it, or it came back. It is not sent again: look at the address under Users.",
    unknown: "The line broke at its end. It may have arrived, so it is never sent twice.",
  },
  gone: "Somebody who is gone",
  open: "Open it",
  tried: "Only tried",
  emptyTitle: "No email went astray",
  empty: "An email that is refused, comes back or gets lost stands here, with the reason.",
};
