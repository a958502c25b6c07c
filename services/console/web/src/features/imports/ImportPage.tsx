import { Anchor, Skeleton } from "@mantine/core";
import { Link, useParams } from "react-router";
import { asProblem } from "../../api/problem";
import { Blank } from "../../ui/Blank";
import { Failure } from "../../ui/Failure";
import listed from "../../ui/ListPage.module.css";
import { PageHead } from "../../ui/PageHead";
import { Time } from "../../ui/Time";
import { numberText } from "../../ui/times";
import { useSpeech } from "../../words";
import { useImportWords } from "../../words/imports";
import { Faults } from "./Faults";
import classes from "./imports.module.css";
import { Mapping } from "./Mapping";
import { StatusMark } from "./StatusMark";
import { Steps } from "./Steps";
import { useImport } from "./useImport";

/** One file: what its columns are, what it would come to, how far it is, what it came to, and back. */
export default function ImportPage() {
  const { id = "" } = useParams();
  const say = useImportWords();
  const { locale } = useSpeech();
  const found = useImport(id);
  const one = found.data;
  if (!one && found.error)
    return (
      <div className={listed.page}>
        {asProblem(found.error).status === 404 ? (
          <Blank title={say.missingTitle} text={say.missing} action={{ label: say.toImports, to: "/contacts/import" }} />
        ) : (
          <Failure error={found.error} retry={() => void found.refetch()} />
        )}
      </div>
    );
  return (
    <div className={listed.page} data-testid="import" data-status={one?.status}>
      <PageHead title={one?.name ?? say.title} about={one ? say.inShort(numberText(one.rows, locale), say.encodings[one.encoding], say.delimiters[one.delimiter] ?? one.delimiter) : say.about}>
        <Anchor component={Link} to="/contacts/import" flex="none">
          {say.toImports}
        </Anchor>
      </PageHead>
      {!one ? (
        <Skeleton height={320} />
      ) : (
        <div className={classes.sections}>
          <section className={classes.card} aria-label={say.howFar}>
            <div className={classes.line}>
              <StatusMark status={one.status} />
              <span className={classes.dim}>
                <Time at={one.finished_at ?? one.started_at ?? one.at} />
              </span>
            </div>
            <Steps one={one} />
          </section>
          {(one.status === "uploaded" || one.status === "checked") && <Mapping key={one.id} one={one} />}
          {one.counts.faults > 0 && one.status !== "uploaded" && <Faults one={one} />}
        </div>
      )}
    </div>
  );
}
