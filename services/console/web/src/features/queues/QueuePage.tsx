import { Skeleton } from "@mantine/core";
import { useParams } from "react-router";
import { asProblem } from "../../api/problem";
import { Blank } from "../../ui/Blank";
import { Failure } from "../../ui/Failure";
import classes from "../../ui/ListPage.module.css";
import { PageHead } from "../../ui/PageHead";
import { useQueueWords } from "../../words/queues";
import { useSession } from "../session";
import { Back, LIST } from "./Back";
import { QueueEditor } from "./QueueEditor";
import { QueueSummary } from "./QueueSummary";
import { useQueue, useQueueChanges } from "./useQueue";

/** One queue at /queues/hours/<id>: edited by admins, looked at by agents. */
export default function QueuePage() {
  const { id = "" } = useParams();
  const say = useQueueWords();
  const { user } = useSession();
  const queue = useQueue(id);
  useQueueChanges(id);
  const mayChange = user?.scopes.includes("queues:write") ?? false;
  return (
    <div className={classes.page} style={{ blockSize: "auto" }}>
      <Back />
      <PageHead title={queue.data?.name ?? say.title} about={say.about} />
      {queue.data ? (
        mayChange ? (
          <QueueEditor key={queue.data.id} queue={queue.data} />
        ) : (
          <QueueSummary queue={queue.data} />
        )
      ) : queue.error ? (
        asProblem(queue.error).status === 404 ? (
          <Blank title={say.missingTitle} text={say.missing} action={{ label: say.back, to: LIST }} />
        ) : (
          <Failure error={queue.error} retry={() => void queue.refetch()} />
        )
      ) : (
        <Skeleton height={420} />
      )}
    </div>
  );
}
