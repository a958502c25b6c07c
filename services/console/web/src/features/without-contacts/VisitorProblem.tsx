import { asProblem } from "../../api/problem";
import { Blank } from "../../ui/Blank";
import { Failure } from "../../ui/Failure";
import { useWords } from "../../words";

export function VisitorProblem({ error, retry }: { error: unknown; retry: () => void }) {
  const { visitors } = useWords();
  if (asProblem(error).status === 404) return <Blank title={visitors.missingTitle} text={visitors.missing} />;
  return <Failure error={error} retry={retry} />;
}
