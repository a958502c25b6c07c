import { Alert, Button, Group } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useEffectEvent } from "react";
import { useNavigate } from "react-router";
import { getBanners } from "../../api/notifications";
import { markSeen, REQUESTS_KEY } from "../../api/requests";
import { useAlertWords } from "../../words/alerts";
import { useLive } from "../live";
import classes from "./alerts.module.css";

/** What nobody looked at in time, for the lead: it stays until somebody looks. */
export default function Banners() {
  const say = useAlertWords();
  const { hear } = useLive();
  const go = useNavigate();
  const banners = useQuery({
    queryKey: [...REQUESTS_KEY, "banners"],
    queryFn: ({ signal }) => getBanners(signal),
  });
  const react = useEffectEvent((kind: string, id: string) => {
    if (kind === "banner" || (kind === "request" && banners.data?.items.some((one) => one.request_id === id))) void banners.refetch();
  });
  useEffect(
    () =>
      hear((event) => {
        if (event.type === "reset") react("banner", "");
        if (event.type === "change") react(event.change.kind, event.change.id);
      }),
    [hear],
  );
  const [first] = banners.data?.items ?? [];
  if (!first) return null;
  const more = (banners.data?.total ?? 1) - 1;
  return (
    <Alert
      role="alert"
      color="red"
      variant="light"
      radius={0}
      className={classes.banner}
      icon={<IconAlertTriangle size={20} aria-hidden />}
      styles={{ message: { color: "var(--mantine-color-text)" } }}
      data-testid="banner"
    >
      <Group gap="sm">
        <span dir="auto">
          {say.banner(first.queue_name)} {more > 0 && say.bannerMore(more)}
        </span>
        <Button
          size="xs"
          variant="default"
          onClick={() => {
            void markSeen([first.request_id]).then(() => banners.refetch());
            void go(`/queues/log/${first.request_id}`);
          }}
        >
          {say.look}
        </Button>
      </Group>
    </Alert>
  );
}
