import type { Words } from "../../words";
import type { ClientChannel } from "./getClient";

/** Why a chat contact is linked to its client, in one sentence. */
export function linkedBecause(linked: NonNullable<ClientChannel["linked"]>, channel: string, { linked: say, channels }: Words): string {
  const strength = linked.strength ?? "claimed";
  const value = linked.value ?? "";
  const vouching = channels[channel] ?? channel;
  switch (linked.how) {
    case "phone":
      return say.phone[strength](value, vouching);
    case "email":
      return say.email[strength](value);
    case "sign_in":
      return say.signIn;
    case "by_hand":
      return say.byHand;
    case "first_message":
      return say.firstMessage;
  }
}
