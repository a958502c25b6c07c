import { IconCircleCheckFilled, IconCircleXFilled } from "@tabler/icons-react";
import { Cut } from "../../ui/Cut";
import { useWords } from "../../words";
import classes from "./clients.module.css";

/** Green: has registered contact. Red: none. Never by the colour alone. */
export function RegisteredMark({ registered }: { registered: boolean }) {
  const { clients } = useWords();
  const Icon = registered ? IconCircleCheckFilled : IconCircleXFilled;
  return (
    <span className={classes.registered} data-registered={registered}>
      <Icon size={16} aria-hidden />
      <Cut>{registered ? clients.registered : clients.notRegistered}</Cut>
    </span>
  );
}
