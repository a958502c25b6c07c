import { Alert, Button, Group, Modal, Skeleton, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { asProblem } from "../../api/problem";
import { Ask } from "../../ui/Ask";
import { explained, Failure } from "../../ui/Failure";
import { numberText } from "../../ui/times";
import { useSpeech, useWords } from "../../words";
import { usePrivacyWords } from "../../words/privacy";
import { aboutErasing, erase, type Erasure } from "./api";
import { Certificate } from "./Certificate";

interface Props {
  id: string;
  name: string;
  onClose: () => void;
}

/** Erases a person: says what goes, asks, and shows the certificate as the services answer. */
export default function EraseModal({ id, name, onClose }: Props) {
  const say = usePrivacyWords();
  const words = useWords();
  const { locale } = useSpeech();
  const go = useNavigate();
  const client = useQueryClient();
  const about = useQuery({ queryKey: ["erasing", id], queryFn: () => aboutErasing(id), staleTime: 0, gcTime: 0, retry: false });
  const erasing = useMutation({
    mutationFn: (confirm: string) => erase(id, confirm),
    onError: () => void about.refetch(),
  });
  const leave = () => {
    onClose();
    if (!erasing.data) return;
    void go("/clients");
    void client.invalidateQueries({ queryKey: ["clients"] });
  };
  return (
    <Modal opened onClose={leave} title={say.eraseTitle} size="lg" styles={{ title: { fontWeight: 600 } }} closeButtonProps={{ "aria-label": words.app.close }} closeOnClickOutside={false}>
      <Stack gap="md">
        {erasing.data ? (
          <Done erasure={erasing.data} onClose={leave} />
        ) : about.error ? (
          <Failure error={about.error} retry={() => void about.refetch()} />
        ) : !about.data ? (
          <Skeleton height={160} />
        ) : (
          <>
            <Text dir="auto" fw={600}>
              {name}
            </Text>
            <Ask
              question={say.ask}
              text={say.what(numberText(about.data.chatContacts, locale), numberText(about.data.mergedClients, locale))}
              confirm={say.confirm}
              loading={erasing.isPending}
              onConfirm={() => {
                erasing.mutate(about.data.confirm);
              }}
              onCancel={onClose}
            />
            {erasing.error && (
              <Alert role="alert" color="red" variant="light" title={explained(asProblem(erasing.error), words).title}>
                {explained(asProblem(erasing.error), words).text}
              </Alert>
            )}
          </>
        )}
      </Stack>
    </Modal>
  );
}

function Done({ erasure, onClose }: { erasure: Erasure; onClose: () => void }) {
  const { app } = useWords();
  return (
    <>
      <Certificate begun={erasure} />
      <Group justify="flex-end">
        <Button onClick={onClose}>{app.done}</Button>
      </Group>
    </>
  );
}
