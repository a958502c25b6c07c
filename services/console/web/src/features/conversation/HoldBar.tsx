import { Button, Group, Text } from "@mantine/core";
import { IconHandStop, IconRobot, IconUser } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { asProblem } from "../../api/problem";
import { explained } from "../../ui/Failure";
import { Refused } from "../../ui/Refused";
import { Time } from "../../ui/Time";
import { useWords } from "../../words";
import { useConversationWords } from "../../words/conversation";
import { useSession } from "../session";
import { giveBack, type Standing, takeOver } from "./api";
import classes from "./conversation.module.css";

/** Who answers here, and the way to change that. */
export function HoldBar({ id, standing, mayAnswer, refresh }: { id: string; standing: Standing; mayAnswer: boolean; refresh: () => Promise<void> }) {
  const all = useWords();
  const words = useConversationWords();
  const { user } = useSession();
  const { hold } = standing;
  const turn = useMutation({ mutationFn: () => (hold ? giveBack(id) : takeOver(id)), onSettled: refresh });
  const isMine = hold?.user_id === user?.id;
  const said = !hold ? words.scenarioSpeaks : isMine ? words.youHold : words.holds(hold.name ?? words.somebody);
  const Icon = hold ? IconUser : IconRobot;
  return (
    <>
      <Group className={classes.hold} justify="space-between" gap="xs" data-testid="hold">
        <Group gap={8} wrap="nowrap" role="status" flex="1 1 16rem">
          <Icon size={18} aria-hidden style={{ flex: "none" }} />
          <Text size="sm">
            {said}
            {hold && (
              <Text span inherit c="dimmed">
                {" "}
                {words.untilSpeaks} <Time at={hold.until} ahead />
              </Text>
            )}
          </Text>
        </Group>
        {mayAnswer && (
          <Button
            size="xs"
            variant={hold ? "default" : "light"}
            loading={turn.isPending}
            leftSection={hold ? <IconRobot size={16} aria-hidden /> : <IconHandStop size={16} aria-hidden />}
            onClick={() => {
              turn.mutate();
            }}
          >
            {hold ? words.giveBack : words.takeOver}
          </Button>
        )}
      </Group>
      {turn.error && <Refused title={words.refused}>{explained(asProblem(turn.error), all).text}</Refused>}
    </>
  );
}
