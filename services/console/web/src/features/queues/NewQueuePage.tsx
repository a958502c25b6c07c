import { Blank } from "../../ui/Blank";
import classes from "../../ui/ListPage.module.css";
import { PageHead } from "../../ui/PageHead";
import { useWords } from "../../words";
import { useQueueWords } from "../../words/queues";
import { useSession } from "../session";
import { Back } from "./Back";
import { QueueEditor } from "./QueueEditor";

/** A queue that is not there yet, at /queues/hours/new. */
export default function NewQueuePage() {
  const say = useQueueWords();
  const { errors } = useWords();
  const { user } = useSession();
  return (
    <div className={classes.page} style={{ blockSize: "auto" }}>
      <Back />
      <PageHead title={say.addTitle} about={say.about} />
      {user?.scopes.includes("queues:write") ? <QueueEditor queue={null} /> : <Blank title={errors.forbiddenTitle} text={say.readOnly} />}
    </div>
  );
}
