import { Anchor, Skeleton } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { Link, useParams } from "react-router";
import { asProblem } from "../../api/problem";
import { Blank } from "../../ui/Blank";
import { Failure } from "../../ui/Failure";
import classes from "../../ui/ListPage.module.css";
import { PageHead } from "../../ui/PageHead";
import { useConnectionWords } from "../../words/connections";
import { ScenarioEditor } from "./ScenarioEditor";
import { useConnection } from "./useConnections";

const LIST = "/channels/connections";

/** The scenario of one connection: written, checked and tried out. */
export default function ScenarioPage() {
  const { id = "" } = useParams();
  const { scenario: say } = useConnectionWords();
  const connection = useConnection(id);
  return (
    <div className={classes.page}>
      <Anchor component={Link} to={LIST} size="sm" w="fit-content">
        <IconArrowLeft size={14} aria-hidden style={{ verticalAlign: "-2px", marginInlineEnd: 4 }} />
        {say.back}
      </Anchor>
      <PageHead title={connection.data ? say.title(connection.data.name) : say.pageTitle} about={say.about} />
      {connection.data ? (
        <ScenarioEditor key={connection.data.id} connection={connection.data} />
      ) : connection.error ? (
        asProblem(connection.error).status === 404 ? (
          <Blank title={say.missingTitle} text={say.missing} action={{ label: say.back, to: LIST }} />
        ) : (
          <Failure error={connection.error} retry={() => void connection.refetch()} />
        )
      ) : (
        <Skeleton height={420} />
      )}
    </div>
  );
}
