import { IconTag } from "@tabler/icons-react";
import { Cut } from "./Cut";
import classes from "./TagBadge.module.css";

export interface TagLike {
  id: string;
  name: string;
  color?: string | null;
}

/** A tag as a badge of its colour: the icon and the name say it without. */
export function TagBadge({ tag }: { tag: TagLike }) {
  return (
    <span className={classes.tag} data-color={tag.color ?? "gray"} data-testid="tag">
      <IconTag size={13} stroke={1.75} aria-hidden />
      <Cut>{tag.name}</Cut>
    </span>
  );
}

/** The tag's icon in its colour, beside a name that stands elsewhere. */
export function TagIcon({ tag }: { tag: TagLike }) {
  return (
    <span className={classes.icon} data-color={tag.color ?? "gray"}>
      <IconTag size={16} stroke={1.75} aria-hidden />
    </span>
  );
}
