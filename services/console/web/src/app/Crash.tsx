import { Component, type ReactNode } from "react";
import { Blank } from "../ui/Blank";
import { useWords } from "../words";

/** Catches what breaks while a page is drawn, such as a script that was replaced by a newer version meanwhile. */
export class Crash extends Component<{ children: ReactNode }, { crashed: boolean }> {
  state = { crashed: false };

  static getDerivedStateFromError() {
    return { crashed: true };
  }

  render() {
    return this.state.crashed ? <Crashed /> : this.props.children;
  }
}

function Crashed() {
  const { errors } = useWords();
  const reload = () => {
    window.location.reload();
  };
  return <Blank role="alert" title={errors.crashedTitle} text={errors.crashed} action={{ label: errors.reload, onClick: reload }} />;
}
