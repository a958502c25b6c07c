export { ConversationLink } from "./ConversationLink";
