import { Blank } from "../ui/Blank";
import { useWords } from "../words";

export default function NotFound() {
  const { app } = useWords();
  return <Blank title={app.notFoundTitle} text={app.notFound} action={{ label: app.toClients, to: "/clients" }} />;
}
