import { Button, Group, Text } from "@mantine/core";
import { type ReactNode, useLayoutEffect, useRef } from "react";
import { useSpeech } from "../../words";
import { useConversationWords } from "../../words/conversation";
import { Bubble, Status } from "./Bubble";
import classes from "./conversation.module.css";
import { type Day, has, type Pending } from "./thread";
import type { useSaying } from "./useSaying";
import type { useThread } from "./useThread";

interface Props {
  days: Day[];
  messages: ReturnType<typeof useThread>["messages"];
  person: string | null;
  saying: ReturnType<typeof useSaying>;
  empty: ReactNode;
}

/** The messages, oldest on top. It stays at the end while it is there, and where it is while somebody reads above. */
export function Thread({ days, messages, person, saying, empty }: Props) {
  const words = useConversationWords();
  const { locale } = useSpeech();
  const pages = messages.data?.pages ?? [];
  const waiting = saying.pending.filter(({ key }) => !has(pages, key));
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const fromEnd = useRef(0);
  const count = days.reduce((sum, day) => sum + day.messages.length, 0) + waiting.length;
  const loaded = useRef(0);
  // After every render: what became of the last message makes it taller.
  useLayoutEffect(() => {
    const here = box.current;
    if (!here) return;
    if (atEnd.current) here.scrollTop = here.scrollHeight;
    else if (pages.length > loaded.current) here.scrollTop = here.scrollHeight - fromEnd.current;
    loaded.current = pages.length;
  });
  const onScroll = () => {
    const here = box.current;
    if (!here) return;
    fromEnd.current = here.scrollHeight - here.scrollTop;
    atEnd.current = fromEnd.current - here.clientHeight < 40;
  };
  return (
    <div ref={box} className={classes.thread} role="log" aria-live="polite" aria-label={words.log} tabIndex={0} onScroll={onScroll} data-testid="thread">
      {messages.hasNextPage && (
        <Button variant="subtle" size="xs" mx="auto" loading={messages.isFetchingNextPage} onClick={() => void messages.fetchNextPage()}>
          {words.earlier}
        </Button>
      )}
      {messages.isFetchNextPageError && (
        <Text role="alert" size="sm" ta="center">
          {words.earlierFailed}
        </Text>
      )}
      {count === 0 && empty}
      {days.map((day) => (
        <section key={day.start} aria-label={dayName(day.start, locale, words)}>
          <div className={classes.day} aria-hidden>
            <span>{dayName(day.start, locale, words)}</span>
          </div>
          <ul className={classes.messages}>
            {day.messages.map((message) => (
              <Bubble key={message.id} message={message} person={person} />
            ))}
          </ul>
        </section>
      ))}
      {waiting.length > 0 && (
        <ul className={classes.messages}>
          {waiting.map((one) => (
            <Waiting key={one.key} one={one} saying={saying} />
          ))}
        </ul>
      )}
    </div>
  );
}

function Waiting({ one, saying }: { one: Pending; saying: Props["saying"] }) {
  const words = useConversationWords();
  return (
    <li className={classes.message} data-who="us" data-testid="waiting">
      <div className={classes.bubble} data-agent dir="auto">
        {one.text}
      </div>
      {one.failed === null ? (
        <Status status="sending" />
      ) : (
        <div role="alert">
          <Status status="failed" reason={one.failed} />
          <Group gap="xs" justify="flex-end">
            <Button
              size="compact-xs"
              variant="light"
              onClick={() => {
                saying.retry(one);
              }}
            >
              {words.retry}
            </Button>
            <Button
              size="compact-xs"
              variant="subtle"
              onClick={() => {
                saying.drop(one.key);
              }}
            >
              {words.discard}
            </Button>
          </Group>
        </div>
      )}
    </li>
  );
}

function dayName(start: number, locale: string, { today, yesterday }: { today: string; yesterday: string }): string {
  const ago = Math.round((new Date().setHours(0, 0, 0, 0) - start) / 86_400_000);
  if (ago === 0) return today;
  if (ago === 1) return yesterday;
  return new Intl.DateTimeFormat(locale, { dateStyle: "full" }).format(start);
}
