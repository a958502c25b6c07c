import { Popover, Stack, Text, UnstyledButton } from "@mantine/core";
import { IconListCheck, IconLoader2 } from "@tabler/icons-react";
import { useJobWords } from "../../words/jobs";
import classes from "./jobs.module.css";
import { JobRow } from "./JobRow";
import { useJobs } from "./useJobs";

/** Long work of the user's own: how far it is and what came of it. It goes on wherever one goes. */
export default function Tray() {
  const say = useJobWords();
  const { jobs, running } = useJobs();
  if (jobs.length === 0) return null;
  const Icon = running > 0 ? IconLoader2 : IconListCheck;
  return (
    <Popover position="right-end" shadow="md" width={380} trapFocus returnFocus withinPortal>
      <Popover.Target>
        <UnstyledButton className={classes.tray} aria-label={say.trayOpen(running)} data-running={running > 0 || undefined} data-testid="tray">
          <Icon size={18} stroke={1.75} aria-hidden />
          {say.tray}
          {running > 0 && <span className={classes.count}>{running}</span>}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-label={say.tray} className={classes.list} data-testid="tray-list">
        <Stack gap="md" component="ul" m={0} p={0} style={{ listStyle: "none" }}>
          {jobs.map((job) => (
            <JobRow key={job.id} job={job} />
          ))}
        </Stack>
        <Text size="xs" c="dimmed" mt="md">
          {say.empty}
        </Text>
      </Popover.Dropdown>
    </Popover>
  );
}
