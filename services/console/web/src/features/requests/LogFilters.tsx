import { Checkbox, Select, TextInput } from "@mantine/core";
import { useQueues } from "../../api/queues";
import { useSpeech } from "../../words";
import { useRequestWords } from "../../words/requests";
import { useSession } from "../session";
import type { Filters } from "./filters";
import { statusName } from "./Marks";
import classes from "./requests.module.css";
import { useMembers, useStatuses } from "./useRequests";

interface Props {
  filters: Filters;
  onChange: (changes: Partial<Filters>) => void;
}

export function LogFilters({ filters, onChange }: Props) {
  const { requests: say } = useRequestWords();
  const { language } = useSpeech();
  const { user } = useSession();
  const queues = useQueues();
  const statuses = useStatuses();
  const members = useMembers(filters.queue ?? "");
  const people = (filters.queue ? (members.data ?? []) : []).filter(({ id }) => id !== user?.id);
  const handlers = [{ value: "me", label: say.mine }, { value: "none", label: say.nobodys }, ...people.map(({ id, name }) => ({ value: id, label: name }))];
  const seen = user?.role === "admin" ? queues.data : queues.data?.filter((queue) => queue.is_member);
  const select = (name: "queue" | "status" | "handler", any: string, data: { value: string; label: string }[]) => (
    <Select
      className={classes.filter}
      aria-label={say.columns[name]}
      placeholder={any}
      clearable
      clearButtonProps={{ "aria-label": any }}
      data={filters[name] && !data.some(({ value }) => value === filters[name]) ? [...data, { value: filters[name], label: "…" }] : data}
      value={filters[name]}
      onChange={(value) => {
        onChange(name === "queue" && filters.handler !== "me" && filters.handler !== "none" ? { queue: value, handler: null } : { [name]: value });
      }}
    />
  );
  const day = (name: "from" | "to") => (
    <TextInput
      type="date"
      className={classes.day}
      aria-label={say[name]}
      value={filters[name] ?? ""}
      onChange={(event) => {
        onChange({ [name]: event.currentTarget.value || null });
      }}
    />
  );
  return (
    <div className={classes.filters}>
      {select("queue", say.anyQueue, (seen ?? []).map(({ id, name }) => ({ value: id, label: name })))}
      {select("status", say.anyStatus, (statuses.data?.items ?? []).map((status) => ({ value: status.id, label: statusName(status, status.id, language) })))}
      {select("handler", say.anyHandler, handlers)}
      <span className={classes.days}>
        {day("from")}
        <span aria-hidden>–</span>
        {day("to")}
      </span>
      <Select
        className={classes.filter}
        aria-label={say.sort}
        allowDeselect={false}
        data={[
          { value: "newest", label: say.newest },
          { value: "oldest", label: say.oldest },
        ]}
        value={filters.sort}
        onChange={(value) => {
          onChange({ sort: value === "oldest" ? "oldest" : "newest" });
        }}
      />
      <Checkbox
        className={classes.check}
        label={say.onlyUnseen}
        checked={filters.unseen}
        onChange={(event) => {
          onChange({ unseen: event.currentTarget.checked });
        }}
      />
    </div>
  );
}
