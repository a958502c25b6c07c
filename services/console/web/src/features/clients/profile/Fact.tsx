import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useProfileWords } from "../../../words/profile";

/** One line of the profile; an empty one says so. */
export function Fact({ name, empty = false, children }: { name: string; empty?: boolean; children: ReactNode }) {
  const say = useProfileWords();
  return (
    <>
      <dt>{name}</dt>
      <dd>
        {empty ? (
          <Text c="dimmed" span>
            {say.none}
          </Text>
        ) : (
          children
        )}
      </dd>
    </>
  );
}
