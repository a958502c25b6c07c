import { plural } from "../plural";

const locale = "en";

export const en = {
  visitors: {
    title: "Visitors",
    about: "Everybody who came to you on any channel: who they are, where they came from, and how they are tagged.",
    create: "Create",
    without: (count: number, text: string) =>
      plural(locale, count, { one: `${text} person wrote without leaving a profile.`, other: `${text} people wrote without leaving a profile.` }),
    seeWithout: "See them in Without Contacts",
    emptyTitle: "No visitors yet",
    empty: "Visitors appear by themselves when somebody starts a conversation on a connected channel or sends a form. You can also create one yourself.",
  },
  all: {
    title: "All contacts",
    about: "Every contact with what is known of them. Open a row to see the whole profile.",
    emptyTitle: "No contacts yet",
    empty: "A contact appears when somebody gives a phone number or an email, or signs in, and when you create or import one.",
  },
  columns: {
    name: "Name",
    email: "Email",
    phone: "Phone",
    source: "Source",
    tags: "Tags",
    groups: "Contact groups",
    segments: "Segments",
    contactKey: "Contact key",
    language: "Language",
    created: "Created",
    preview: "Profile",
  },
  preview: (name: string) => `Contact preview: ${name}`,
  more: (count: string) => `${count} more`,
  filters: {
    source: "Source",
    tag: "Has tag",
    not_tag: "Has not tag",
    group: "Contact group",
    segment: "Segment",
    chosen: (name: string, chosen: string) => `${name}: ${chosen}`,
    search: "Search",
    none: "Nothing by this name",
    noneYet: { tag: "There are no tags yet.", group: "There are no contact groups yet.", segment: "There are no segments yet." },
    clear: "Clear",
    clearAll: "Clear filters",
    saveSegment: "Save this filter as a segment",
  },
  nobody: { title: "Nobody here", text: "Nobody matches all of these filters together. Take one of them away." },
  create: {
    title: "Create a visitor",
    name: "Name",
    nameHelp: "What they are called.",
    nameMissing: "Enter a name.",
    email: "Email",
    phone: "Phone number",
    phoneHelp: "With its country code, such as +47 912 34 567.",
    source: "Source",
    sourceHelp: "The channel that this visitor came from.",
    sourceMissing: "Choose where they came from.",
    sourceChoose: "Choose a channel",
    tags: "Tags",
    tagsHelp: "Type a tag and press Enter to make it, or choose one that is there.",
    tagsFailed: "The tag could not be made",
    groups: "Contact groups",
    groupsHelp: "Lists that they are to be in.",
    save: "Save",
    cancel: "Cancel",
  },
};

export type PeopleWords = typeof en;
