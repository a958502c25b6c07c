import type { QueueDraft, Texts } from "../../api/queues";
import type { QueueWords } from "../../words/queues";
import { secondsText } from "./secondsText";

interface Difference {
  what: string;
  one: string;
  other: string;
}

/** What differs between two versions of a queue, in words; `nameOf` gives people and connections their names. */
export function differences(mine: QueueDraft, theirs: QueueDraft, say: QueueWords, nameOf: (id: string) => string): Difference[] {
  const told = tellers(say, nameOf);
  return (Object.keys(told) as (keyof QueueDraft)[])
    .filter((field) => JSON.stringify(mine[field]) !== JSON.stringify(theirs[field]))
    .map((field) => {
      const { what, how } = told[field];
      const [one, other] = [how(mine) || say.nothing, how(theirs) || say.nothing];
      return one === other ? { what, one, other: `${other} (${say.differs})` } : { what, one, other };
    });
}

function tellers(say: QueueWords, nameOf: (id: string) => string): Record<keyof QueueDraft, { what: string; how: (draft: QueueDraft) => string }> {
  return {
    name: { what: say.name, how: ({ name }) => name },
    connection_ids: { what: say.connections, how: ({ connection_ids }) => connection_ids.map(nameOf).join(", ") },
    members: { what: say.people, how: ({ members }) => members.map(nameOf).join(", ") },
    lead: { what: say.lead, how: ({ lead }) => (lead ? nameOf(lead) : say.noLead) },
    time_zone: { what: say.timeZone, how: ({ time_zone }) => time_zone },
    hours: { what: say.hours, how: ({ hours }) => hours.map((spans) => spans.map(({ opens, closes }) => `${opens}–${closes}`).join(", ") || "–").join(" | ") },
    exceptions: { what: say.exceptions, how: ({ exceptions }) => exceptions.map(({ day }) => day).join(", ") },
    when_closed: { what: say.sections.closed, how: ({ when_closed }) => say.whenClosed[when_closed] ?? when_closed },
    offline: { what: say.offline, how: ({ offline }) => first(offline) },
    other_ways: { what: say.otherWays, how: ({ other_ways }) => other_ways.map(({ value }) => value).join(", ") },
    form: { what: say.sections.form, how: ({ form }) => form.fields.map(({ label }) => first(label)).join(", ") },
    escalate_after_seconds: { what: say.escalateAfter, how: (draft) => secondsText(draft.escalate_after_seconds, say) },
    colleagues_asked: { what: say.colleagues, how: (draft) => String(draft.colleagues_asked) },
  };
}

function first(texts: Texts): string {
  return Object.values(texts)[0] ?? "";
}
