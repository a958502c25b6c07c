import classes from "./Cut.module.css";

/** A person's own words: in their direction, on one line, cut where the place ends, whole in the tooltip. */
export function Cut({ children, className }: { children: string; className?: string }) {
  return (
    <span dir="auto" data-tip="" className={className ? `${classes.cut} ${className}` : classes.cut}>
      {children}
    </span>
  );
}
