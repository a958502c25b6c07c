import { Drawer } from "@mantine/core";
import { useWords } from "../words";
import { Navigation } from "./Navigation";

export default function PhoneMenu({ onShortcuts, onClose }: { onShortcuts: () => void; onClose: () => void }) {
  const { app } = useWords();
  return (
    <Drawer opened onClose={onClose} size={280} padding={0} withCloseButton={false} aria-label={app.menu} styles={{ body: { blockSize: "100%" } }}>
      <Navigation onShortcuts={onShortcuts} />
    </Drawer>
  );
}
