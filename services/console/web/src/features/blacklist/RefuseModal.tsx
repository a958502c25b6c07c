import { Button, Group, Modal, SegmentedControl, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { asProblem } from "../../api/problem";
import { explained } from "../../ui/Failure";
import { Refused } from "../../ui/Refused";
import { useWords } from "../../words";
import { useBlacklistWords } from "../../words/blacklist";
import { getConnections } from "./getConnections";
import type { Refusal } from "./getRefusals";
import { refuse } from "./refuse";
import { useReadAgain } from "./useRefusals";

const KINDS = ["email", "phone", "chat_contact"] as const;
type Kind = Refusal["kind"];

/** Blacklists an email, a phone or a chat contact. */
export default function RefuseModal({ onClose }: { onClose: () => void }) {
  const words = useWords();
  const say = useBlacklistWords();
  const readAgain = useReadAgain();
  const [kind, setKind] = useState<Kind>("email");
  const [value, setValue] = useState("");
  const [connection, setConnection] = useState<string | null>(null);
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const connections = useQuery({ queryKey: ["connections"], queryFn: ({ signal }) => getConnections(signal), enabled: kind === "chat_contact" });
  const attempt = useMutation({
    mutationFn: () => {
      const why = { what: "blacklisted" as const, reason: reason.trim() };
      if (kind === "chat_contact") return refuse({ ...why, connection_id: connection, contact_id: value.trim() });
      return refuse(kind === "email" ? { ...why, email: value.trim() } : { ...why, phone: value.trim() });
    },
    onSuccess: async () => {
      await readAgain();
      onClose();
    },
  });
  const problem = attempt.error && asProblem(attempt.error);
  const said = (field: string) => problem?.fields.find((one) => one.field === field)?.message;
  const lacks = (text: string | null) => (tried && !text?.trim() ? say.missing : undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (value.trim() && reason.trim() && (kind !== "chat_contact" || connection)) attempt.mutate();
  };
  const choose = (chosen: string) => {
    setKind(chosen as Kind);
    setTried(false);
    attempt.reset();
  };
  return (
    <Modal opened onClose={onClose} title={say.add} closeButtonProps={{ "aria-label": words.app.close }}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <Stack gap={4}>
            <Text size="sm" fw={500} id="refuse-kind">
              {say.kind}
            </Text>
            <SegmentedControl aria-labelledby="refuse-kind" fullWidth value={kind} onChange={choose} data={KINDS.map((one) => ({ value: one, label: say.kinds[one] ?? one }))} />
          </Stack>
          {kind === "chat_contact" && (
            <Select
              label={say.connection}
              value={connection}
              onChange={setConnection}
              error={said("connection_id") ?? lacks(connection)}
              data={(connections.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
            />
          )}
          <TextInput
            name="value"
            label={kind === "email" ? say.email : kind === "phone" ? say.phone : say.contactId}
            description={kind === "phone" ? say.phoneHelp : undefined}
            type={kind === "email" ? "email" : kind === "phone" ? "tel" : "text"}
            dir="ltr"
            autoComplete="off"
            data-autofocus
            value={value}
            error={said(kind === "chat_contact" ? "contact_id" : kind) ?? lacks(value)}
            onChange={(event) => {
              setValue(event.currentTarget.value);
            }}
          />
          <Textarea
            label={say.reason}
            description={say.reasonHelp}
            autosize
            dir="auto"
            maxLength={500}
            value={reason}
            error={said("reason") ?? lacks(reason)}
            onChange={(event) => {
              setReason(event.currentTarget.value);
            }}
          />
          {problem && problem.fields.length === 0 && <Refused>{explained(problem, words).text}</Refused>}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {words.app.cancel}
            </Button>
            <Button type="submit" loading={attempt.isPending}>
              {say.add}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
