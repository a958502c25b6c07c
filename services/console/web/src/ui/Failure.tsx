import { Code, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { Problem } from "../api/problem";
import { asProblem } from "../api/problem";
import { useWords, type Words } from "../words";
import { Blank } from "./Blank";

/** What happened and what to do, in words; the service's own where it gave some. */
export function explained(problem: Problem, { errors }: Words): { title: string; text: string } {
  if (problem.status === 0) return { title: errors.offlineTitle, text: errors.offline };
  if (problem.status === 403) return { title: errors.forbiddenTitle, text: problem.detail ?? errors.forbidden };
  return { title: problem.title || errors.title, text: problem.detail ?? errors.unknown };
}

export function Failure({ error, retry }: { error: unknown; retry: () => void }) {
  const words = useWords();
  const problem = asProblem(error);
  return (
    <Blank
      role="alert"
      icon={<IconAlertTriangle size={28} stroke={1.5} />}
      {...explained(problem, words)}
      action={{ label: words.errors.tryAgain, onClick: retry }}
    >
      {problem.requestId && (
        <Text c="dimmed" size="xs">
          {words.errors.request} <Code>{problem.requestId}</Code>
        </Text>
      )}
    </Blank>
  );
}
