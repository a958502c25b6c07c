import { ActionIcon, Button, Checkbox, Modal, ScrollArea, Skeleton, Stack, Text, TextInput, Tooltip } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { asProblem } from "../../../api/problem";
import { explained, Failure } from "../../../ui/Failure";
import { Refused } from "../../../ui/Refused";
import { useWords } from "../../../words";
import { useProfileWords } from "../../../words/profile";
import type { ClientCard } from "../getClient";
import { changeClient, findSegments } from "./api";

interface Props {
  client: ClientCard;
  onSaved: (fresh: ClientCard) => void;
  onInner: (open: boolean) => void;
}

/** The plus of the editing window: which segments the contact is in, by checkboxes, saved by themselves. */
export function SegmentsMenu({ client, onSaved, onInner }: Props) {
  const { segments } = useProfileWords();
  const [open, setOpen] = useState(false);
  useEffect(() => {
    onInner(open);
    return () => {
      onInner(false);
    };
  }, [open, onInner]);
  return (
    <>
      <Tooltip label={segments.open}>
        <ActionIcon
          variant="default"
          size="input-sm"
          aria-label={segments.open}
          onClick={() => {
            setOpen(true);
          }}
        >
          <IconPlus size={18} aria-hidden />
        </ActionIcon>
      </Tooltip>
      {open && (
        <SegmentsModal
          client={client}
          onSaved={onSaved}
          onClose={() => {
            setOpen(false);
          }}
        />
      )}
    </>
  );
}

function SegmentsModal({ client, onSaved, onClose }: Omit<Props, "onInner"> & { onClose: () => void }) {
  const words = useWords();
  const { segments: say } = useProfileWords();
  const [search, setSearch] = useState("");
  const [asked] = useDebouncedValue(search.trim(), 200);
  const [chosen, setChosen] = useState<readonly string[]>(() => client.segments.flatMap(({ id, by_rule: byRule }) => (byRule ? [] : [id])));
  const found = useQuery({ queryKey: ["segments", "find", asked], queryFn: ({ signal }) => findSegments(asked, signal), placeholderData: keepPreviousData });
  // Without a rev: what somebody else changes meanwhile is not touched by this.
  const saving = useMutation({
    mutationFn: () => changeClient(client.id, { segments: [...chosen] }),
    onSuccess: (fresh) => {
      onSaved(fresh);
      onClose();
    },
  });
  const rows = found.data;
  return (
    <Modal opened onClose={onClose} title={say.title} styles={{ title: { fontWeight: 600 } }} closeButtonProps={{ "aria-label": words.app.close }}>
      <Stack gap="sm" data-testid="segments">
        <TextInput
          data-autofocus
          mt={2}
          aria-label={say.search}
          placeholder={say.search}
          value={search}
          onChange={(event) => {
            setSearch(event.currentTarget.value);
          }}
        />
        {rows ? (
          rows.length === 0 && !asked ? (
            <Text c="dimmed">{say.none}</Text>
          ) : (
            <ScrollArea.Autosize mah={360} viewportProps={{ tabIndex: 0, role: "group", "aria-label": say.title }}>
              <Stack gap="xs" p={2}>
                {rows.map(({ id, name }) => (
                  <Checkbox
                    key={id}
                    label={<bdi>{name}</bdi>}
                    checked={chosen.includes(id)}
                    onChange={(event) => {
                      setChosen(event.currentTarget.checked ? [...chosen, id] : chosen.filter((one) => one !== id));
                    }}
                  />
                ))}
              </Stack>
            </ScrollArea.Autosize>
          )
        ) : found.error ? (
          <Failure error={found.error} retry={() => void found.refetch()} />
        ) : (
          <Skeleton height={120} />
        )}
        {saving.error && <Refused>{explained(asProblem(saving.error), words).text}</Refused>}
        <Button
          w="fit-content"
          loading={saving.isPending}
          onClick={() => {
            saving.mutate();
          }}
        >
          {say.save}
        </Button>
      </Stack>
    </Modal>
  );
}
