import { Button, CloseButton, Group, Text } from "@mantine/core";
import { IconBell, IconMailOpened } from "@tabler/icons-react";
import { useState } from "react";
import { useWords } from "../../words";
import { useAlertWords } from "../../words/alerts";
import classes from "./alerts.module.css";
import { byQueue, useAlerts } from "./useAlerts";

/** The one note of what was left and nobody has looked at, however many there are. */
export default function Alerts() {
  const say = useAlertWords();
  const { app } = useWords();
  const { told, open, seen, close } = useAlerts();
  const [first] = told;
  return (
    <div className={classes.place} role="status" data-testid="alerts">
      {first && (
        <div className={classes.note} data-testid="alert-note">
          <Group gap="sm" wrap="nowrap" align="flex-start">
            <IconMailOpened size={20} aria-hidden />
            <div className={classes.said}>
              <Text fw={600} dir="auto">
                {told.length === 1 ? say.one(first.queue_name ?? "") : say.many(told.length)}
              </Text>
              <Text size="sm" dir="auto">
                {told.length === 1 ? say.number(first.n) : say.where(byQueue(told))}
              </Text>
            </div>
            <CloseButton size="sm" c="inherit" variant="transparent" aria-label={app.close} data-tip={say.closeHelp} onClick={close} />
          </Group>
          <Group gap="xs" mt="xs">
            <Button size="xs" onClick={open}>
              {told.length === 1 ? say.open : say.openLog}
            </Button>
            <Button size="xs" variant="default" data-tip={say.seenHelp} onClick={() => void seen().catch(() => undefined)}>
              {told.length === 1 ? say.seen : say.seenAll(told.length)}
            </Button>
          </Group>
          <Allow />
        </div>
      )}
    </div>
  );
}

/** Browsers want to be asked by a click before they let a page show notifications of the system's. */
function Allow() {
  const say = useAlertWords();
  const [state, setState] = useState(() => ("Notification" in window ? Notification.permission : "denied"));
  if (state !== "default") return null;
  return (
    <Button mt="xs" size="compact-sm" variant="subtle" leftSection={<IconBell size={16} aria-hidden />} onClick={() => void Notification.requestPermission().then(setState)}>
      {say.allow}
    </Button>
  );
}
