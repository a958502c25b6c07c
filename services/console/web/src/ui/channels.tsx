import {
  IconBrandInstagram,
  IconBrandMessenger,
  IconBrandTelegram,
  IconBrandWhatsapp,
  IconPlug,
  IconWorld,
  type TablerIcon,
} from "@tabler/icons-react";
import { useWords } from "../words";
import classes from "./channels.module.css";

const ICONS: Record<string, TablerIcon> = {
  telegram: IconBrandTelegram,
  whatsapp: IconBrandWhatsapp,
  messenger: IconBrandMessenger,
  instagram: IconBrandInstagram,
  widget: IconWorld,
};

/** A channel's icon and name; as a `badge` in the channel's own colour. */
export function Channel({ channel, badge = false }: { channel: string; badge?: boolean }) {
  const { channels } = useWords();
  return (
    <span className={badge ? classes.badge : classes.plain} data-channel={channel}>
      <ChannelIcon channel={channel} />
      {channels[channel] ?? channel}
    </span>
  );
}

export function ChannelIcon({ channel, size = 16 }: { channel: string; size?: number }) {
  const Icon = ICONS[channel] ?? IconPlug;
  return <Icon size={size} stroke={1.75} className={classes.icon} data-channel={channel} aria-hidden />;
}
