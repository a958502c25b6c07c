import { ActionIcon } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconTrash } from "@tabler/icons-react";
import { type ReactNode, useRef } from "react";
import { useQueueWords } from "../../words/queues";
import classes from "./queues.module.css";

interface Props {
  /** What is moved, by name. */
  name: string;
  at: number;
  count: number;
  onMove: (to: number) => void;
  onRemove: () => void;
  children: ReactNode;
}

/** One of an ordered list: moved with its buttons, or with Alt and the arrows while the focus is anywhere in it. */
export function Movable({ name, at, count, onMove, onRemove, children }: Props) {
  const say = useQueueWords();
  const item = useRef<HTMLLIElement>(null);
  const move = (to: number) => {
    if (to < 0 || to >= count) return;
    const focused = document.activeElement;
    onMove(to);
    // The element moves in the page, and loses the focus on the way.
    requestAnimationFrame(() => {
      if (focused instanceof HTMLElement && focused.isConnected) focused.focus();
      item.current?.scrollIntoView({ block: "nearest" });
    });
  };
  return (
    <li
      ref={item}
      className={classes.movable}
      onKeyDown={(event) => {
        if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
        event.preventDefault();
        move(event.key === "ArrowUp" ? at - 1 : at + 1);
      }}
    >
      <div className={classes.moved}>{children}</div>
      <div className={classes.moves}>
        <ActionIcon variant="subtle" color="gray" aria-label={say.moveUp(name)} aria-disabled={at === 0} data-disabled={at === 0 || undefined} onClick={() => { move(at - 1); }}>
          <IconArrowUp size={16} aria-hidden />
        </ActionIcon>
        <ActionIcon variant="subtle" color="gray" aria-label={say.moveDown(name)} aria-disabled={at === count - 1} data-disabled={at === count - 1 || undefined} onClick={() => { move(at + 1); }}>
          <IconArrowDown size={16} aria-hidden />
        </ActionIcon>
        <ActionIcon variant="subtle" color="gray" aria-label={say.removeOne(name)} onClick={onRemove}>
          <IconTrash size={16} aria-hidden />
        </ActionIcon>
      </div>
    </li>
  );
}
