import { Button } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useWords } from "../words";

/** Copies `text`, and says that it did. */
export function CopyButton({ text, label, size = "xs" }: { text: string; label: string; size?: "xs" | "sm" }) {
  const { app } = useWords();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => {
      setCopied(false);
    }, 2000);
    return () => {
      clearTimeout(timer);
    };
  }, [copied]);
  return (
    <Button
      size={size}
      flex="none"
      variant="default"
      leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
      onClick={() => void copy(text).then(setCopied)}
      aria-live="polite"
    >
      {copied ? app.copied : label}
    </Button>
  );
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // The clipboard is not given to pages without TLS: the text stays to be selected by hand.
    return false;
  }
}
