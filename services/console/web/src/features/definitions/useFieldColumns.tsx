import { ActionIcon, Group } from "@mantine/core";
import { IconArchive, IconArrowDown, IconArrowUp, IconCircleCheck } from "@tabler/icons-react";
import { useMemo } from "react";
import type { Column } from "../../ui/columns";
import { Cut } from "../../ui/Cut";
import { useActiveRow } from "../../ui/Row";
import { useProfileWords } from "../../words/profile";
import { type Field, orderFields } from "./api";
import { useSaving } from "./useSaving";

export function useFieldColumns(fields: readonly Field[]): Column<Field>[] {
  const { fieldsPage: say } = useProfileWords();
  return useMemo(() => {
    const { columns } = say;
    return [
      { id: "name", title: columns.name, width: 240, narrow: 160, always: true, render: ({ name }) => <Cut>{name}</Cut> },
      { id: "key", title: columns.key, help: say.keyHelp, width: 180, wide: true, render: ({ key }) => <Cut>{key}</Cut> },
      { id: "type", title: columns.type, width: 160, render: ({ type }) => say.types[type] },
      { id: "state", title: columns.state, width: 140, wide: true, render: ({ retired }) => <State retired={retired} /> },
      { id: "move", title: "", width: 96, narrow: 88, always: true, render: (field) => <Moves field={field} fields={fields} /> },
    ];
  }, [say, fields]);
}

function State({ retired }: { retired: boolean }) {
  const { fieldsPage: say } = useProfileWords();
  const Icon = retired ? IconArchive : IconCircleCheck;
  return (
    <Group gap={6} wrap="nowrap" c={retired ? "dimmed" : "var(--kith-good)"}>
      <Icon size={16} aria-hidden />
      {retired ? say.retired : say.active}
    </Group>
  );
}

function Moves({ field, fields }: { field: Field; fields: readonly Field[] }) {
  const { fieldsPage: say } = useProfileWords();
  const active = useActiveRow();
  const moving = useSaving(orderFields, () => undefined);
  const at = fields.findIndex(({ id }) => id === field.id);
  const move = (by: 1 | -1) => {
    const ids = fields.map(({ id }) => id);
    const other = ids[at + by];
    if (moving.pending || other === undefined) return;
    ids[at + by] = field.id;
    ids[at] = other;
    moving.save(ids);
  };
  const button = (by: 1 | -1, label: string, ends: boolean) => (
    <ActionIcon
      variant="subtle"
      color="gray"
      aria-label={label}
      aria-disabled={ends}
      data-disabled={ends || undefined}
      tabIndex={active ? 0 : -1}
      onClick={() => {
        move(by);
      }}
    >
      {by < 0 ? <IconArrowUp size={16} aria-hidden /> : <IconArrowDown size={16} aria-hidden />}
    </ActionIcon>
  );
  return (
    <Group gap={4} wrap="nowrap">
      {button(-1, say.up(field.name), at <= 0)}
      {button(1, say.down(field.name), at === fields.length - 1)}
    </Group>
  );
}
