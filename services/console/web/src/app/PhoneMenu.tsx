import { Drawer } from "@mantine/core";
import { useWords } from "../words";
import { Navigation } from "./Navigation";

export default function PhoneMenu({ onShortcuts, onClose }: { onShortcuts: () => void; onClose: () => void }) {
  const { app } = useWords();
  return (
    <Drawer.Root opened onClose={onClose} size={280} padding={0}>
      <Drawer.Overlay backgroundOpacity={0.25} />
      <Drawer.Content aria-label={app.menu}>
        <Drawer.Body h="100%">
          <Navigation onShortcuts={onShortcuts} />
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}
