import { useState } from "react";
import { asProblem } from "../../api/problem";
import { explained } from "../../ui/Failure";
import { useWords } from "../../words";
import { say } from "./api";
import type { Pending } from "./thread";

/** Sends answers one after the other. What fails stays, to be sent again under the id it had. */
export function useSaying(id: string, refresh: () => Promise<void>) {
  const words = useWords();
  const [pending, setPending] = useState<Pending[]>([]);
  const drop = (key: string) => {
    setPending((before) => before.filter((one) => one.key !== key));
  };
  const send = async ({ key, text }: { key: string; text: string }) => {
    setPending((before) => (before.some((one) => one.key === key) ? before.map((one) => (one.key === key ? { ...one, failed: null } : one)) : [...before, { key, text, failed: null }]));
    try {
      await say(id, key, text);
    } catch (error) {
      const { text: why } = explained(asProblem(error), words);
      setPending((before) => before.map((one) => (one.key === key ? { ...one, failed: why } : one)));
      void refresh();
      return;
    }
    await refresh();
    drop(key);
  };
  return {
    pending,
    drop,
    send: (text: string) => void send({ key: newKey(), text }),
    retry: (one: Pending) => void send(one),
  };
}

/** `randomUUID` is there on https and localhost alone. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
