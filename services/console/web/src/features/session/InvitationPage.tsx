import { Center, Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Navigate, useLocation } from "react-router";
import { asProblem, type Problem } from "../../api/problem";
import { openInvitation } from "../../api/session";
import { Blank } from "../../ui/Blank";
import { Failure } from "../../ui/Failure";
import { useWords, type Words } from "../../words";
import { JoinForm } from "./JoinForm";
import { LanguageSelect } from "./LanguageSelect";
import classes from "./SignInPage.module.css";
import { useSession } from "./useSession";

/** Where an invitation's link leads. What stands after its # is sent in a body only, never in an address. */
export default function InvitationPage() {
  const words = useWords();
  const { state } = useSession();
  const token = useLocation().hash.slice(1);
  const [over, setOver] = useState<Problem | null>(null);
  const opened = useQuery({ queryKey: ["invitation", token], queryFn: () => openInvitation(token), enabled: token !== "" });

  useEffect(() => {
    document.title = words.join.pageTitle;
  }, [words]);

  if (state === "signed-in") return <Navigate to="/clients" replace />;
  return (
    <main className={classes.page}>
      {over ?? opened.error ?? token === "" ? (
        <Over problem={over ?? (opened.error ? asProblem(opened.error) : null)} words={words} retry={() => void opened.refetch()} />
      ) : opened.data ? (
        <JoinForm token={token} invitation={opened.data} onOver={setOver} />
      ) : (
        <Center role="status" aria-label={words.app.loading} mih={240}>
          <Loader size="sm" type="dots" />
        </Center>
      )}
      <LanguageSelect />
    </main>
  );
}

/** A link that leads nowhere, or no more: says why and what to do. */
function Over({ problem, words, retry }: { problem: Problem | null; words: Words; retry: () => void }) {
  const { join, session } = words;
  const kind = problem ? (problem.kind ?? "") : "no-such-invitation";
  const said = join.over[kind];
  if (!said) return <Failure error={problem} retry={retry} />;
  const signIn = kind === "invitation-used" || kind === "email-in-use";
  return <Blank role="alert" title={said.title} text={said.text} action={signIn ? { label: session.signIn, to: "/sign-in" } : undefined} />;
}
