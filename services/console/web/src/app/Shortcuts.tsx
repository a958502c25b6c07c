import { Kbd, Modal, Table, Title } from "@mantine/core";
import { useWords } from "../words";

export default function Shortcuts({ onClose }: { onClose: () => void }) {
  const { keys, app } = useWords();
  const groups = [
    { title: keys.groups.everywhere, rows: [[["/"], keys.search], [["Esc"], keys.close], [["?"], keys.help]] },
    { title: keys.groups.table, rows: [[["↑", "↓"], keys.walk], [["Home", "End"], keys.ends], [["Enter"], keys.open]] },
  ] as const;
  return (
    <Modal opened onClose={onClose} title={keys.title} styles={{ title: { fontWeight: 600 } }} closeButtonProps={{ "aria-label": app.close }}>
      {groups.map(({ title, rows }) => (
        <section key={title}>
          <Title order={3} mt="sm">
            {title}
          </Title>
          <Table>
            <Table.Tbody>
              {rows.map(([names, what]) => (
                <Table.Tr key={what}>
                  <Table.Td>{what}</Table.Td>
                  <Table.Td ta="end">
                    {names.map((name) => (
                      <Kbd key={name} ms={4}>
                        {name}
                      </Kbd>
                    ))}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </section>
      ))}
    </Modal>
  );
}
