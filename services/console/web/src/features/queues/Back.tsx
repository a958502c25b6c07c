import { Anchor } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { Link } from "react-router";
import { useQueueWords } from "../../words/queues";

export const LIST = "/queues/hours";

/** The way back to the list. */
export function Back() {
  const say = useQueueWords();
  return (
    <Anchor component={Link} to={LIST} size="sm" w="fit-content">
      <IconArrowLeft size={14} aria-hidden style={{ verticalAlign: "-2px", marginInlineEnd: 4 }} />
      {say.back}
    </Anchor>
  );
}
