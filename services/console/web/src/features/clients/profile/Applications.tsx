import { Group, Tooltip, UnstyledButton } from "@mantine/core";
import { IconDeviceMobile } from "@tabler/icons-react";
import { exactTime } from "../../../ui/times";
import { useSpeech } from "../../../words";
import { useProfileWords } from "../../../words/profile";
import classes from "../clients.module.css";
import type { ClientCard } from "../getClient";

type Application = ClientCard["applications"][number];

/** What the person has installed. Pointing at one, or coming to it by keyboard, shows its id and its devices. */
export function Applications({ applications }: { applications: readonly Application[] }) {
  return (
    <Group gap={8}>
      {applications.map((application) => (
        <Tooltip key={application.id} multiline maw={360} withinPortal events={{ hover: true, focus: true, touch: true }} label={<Details application={application} />}>
          <UnstyledButton className={classes.application} data-testid="application">
            <IconDeviceMobile size={16} aria-hidden />
            <bdi>{application.name ?? application.id}</bdi>
          </UnstyledButton>
        </Tooltip>
      ))}
    </Group>
  );
}

function Details({ application: { id, devices } }: { application: Application }) {
  const { locale } = useSpeech();
  const say = useProfileWords();
  return (
    <>
      <div>{say.applicationId(id)}</div>
      <div>{devices.length === 0 ? say.noDevices : say.devices(devices.length.toLocaleString(locale))}</div>
      {devices.map((device) => (
        <div key={device.id}>
          {[device.model, device.platform, device.id, device.at && `${say.seen} ${exactTime(device.at, locale)}`].filter(Boolean).join(" · ")}
        </div>
      ))}
    </>
  );
}
