/** Where people come from, in the order in which lists offer it. */
export const SOURCES = ["instagram", "whatsapp", "widget", "messenger", "telegram", "custom"] as const;
