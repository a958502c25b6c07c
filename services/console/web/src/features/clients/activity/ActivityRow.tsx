import { Badge, Text } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconChecks, IconFlag, IconHelpCircle, IconShoppingBag, type TablerIcon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { ChannelIcon } from "../../../ui/channels";
import { Time } from "../../../ui/Time";
import { numberText } from "../../../ui/times";
import { useSpeech } from "../../../words";
import { useActivityWords } from "../../../words/activity";
import classes from "./activity.module.css";
import type { Activity } from "./getActivity";
import { moneyText } from "./money";

const STATUS_ICONS: Record<string, TablerIcon> = { sent: IconCheck, delivered: IconChecks, read: IconChecks, failed: IconAlertTriangle };

/** One thing that happened: a bar and an icon say of which kind, and so does a word. */
export function ActivityRow({ activity }: { activity: Activity }) {
  const say = useActivityWords();
  return (
    <li className={classes.row} data-kind={activity.kind} data-testid="activity">
      <span className={classes.icon}>
        <KindIcon activity={activity} />
      </span>
      <div className={classes.what}>
        <What activity={activity} />
      </div>
      <div className={classes.when}>
        <span className={classes.kind}>{say.one[activity.kind]}</span>
        <Time at={activity.at} />
      </div>
    </li>
  );
}

function KindIcon({ activity: { kind, campaign } }: { activity: Activity }) {
  if (kind === "campaign" && campaign) return <ChannelIcon channel={campaign.channel} size={18} />;
  const Icon = kind === "order" ? IconShoppingBag : IconFlag;
  return <Icon size={18} stroke={1.75} aria-hidden />;
}

function What({ activity: { campaign, event, order } }: { activity: Activity }) {
  if (campaign) return <CampaignWords {...campaign} />;
  if (event) return <EventWords {...event} />;
  return order && <OrderWords {...order} />;
}

function CampaignWords({ message, channel, status }: NonNullable<Activity["campaign"]>) {
  const { words } = useSpeech();
  const say = useActivityWords();
  const Icon = STATUS_ICONS[status] ?? IconHelpCircle;
  return (
    <>
      <Title>{message || say.one.campaign}</Title>
      <Detail>
        {words.channels[channel] ?? channel}
        <Badge variant="default" tt="none" fw={500} leftSection={<Icon size={14} aria-hidden />}>
          {say.statuses[status] ?? status}
        </Badge>
      </Detail>
    </>
  );
}

function EventWords({ name, seen_by_kith, channel, workflows }: NonNullable<Activity["event"]>) {
  const { words } = useSpeech();
  const say = useActivityWords();
  const where = seen_by_kith && channel ? say.on(words.channels[channel] ?? channel) : null;
  return (
    <>
      <Title>{seen_by_kith ? (say.seen[name] ?? name) : name}</Title>
      {(where ?? workflows.length > 0) && (
        <Detail>
          {where}
          {workflows.length > 0 && <span dir="auto">{say.started(workflows.join(", "))}</span>}
        </Detail>
      )}
    </>
  );
}

function OrderWords({ external_id, amount, currency, status, items }: NonNullable<Activity["order"]>) {
  const { locale } = useSpeech();
  const say = useActivityWords();
  return (
    <>
      <Title>
        {say.order(external_id)} · <span className={classes.amount}>{moneyText(amount, currency, locale)}</span>
      </Title>
      <Detail>
        <Badge variant="default" tt="none" fw={500}>
          <bdi>{status}</bdi>
        </Badge>
        {items.length > 0 && (
          <span data-tip={items.map((item) => item.name).join("\n")}>{say.items(items.length, numberText(items.length, locale))}</span>
        )}
      </Detail>
    </>
  );
}

function Title({ children }: { children: ReactNode }) {
  return (
    <Text component="p" className={classes.title} dir="auto">
      {children}
    </Text>
  );
}

function Detail({ children }: { children: ReactNode }) {
  return <div className={classes.detail}>{children}</div>;
}
