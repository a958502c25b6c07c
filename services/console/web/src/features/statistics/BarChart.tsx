import { Table } from "@mantine/core";
import { numberText } from "../../ui/times";
import { useSpeech } from "../../words";
import { useRequestWords } from "../../words/requests";
import classes from "./statistics.module.css";

const HIGH = 120;
const WIDE = 20;

interface Bar {
  label: string;
  count: number;
}

interface Props {
  title: string;
  /** What a bar stands for: "Day". */
  of: string;
  bars: readonly Bar[];
}

/** Numbers as bars, and the same as a table for whoever would rather read them. */
export function BarChart({ title, of, bars }: Props) {
  const { statistics: say } = useRequestWords();
  const { locale } = useSpeech();
  const most = Math.max(1, ...bars.map(({ count }) => count));
  const [first, last] = [bars[0], bars.at(-1)];
  return (
    <section className={classes.chart} aria-label={title}>
      <h2 className={classes.title}>{title}</h2>
      <svg viewBox={`0 0 ${String(Math.max(1, bars.length) * WIDE)} ${String(HIGH)}`} preserveAspectRatio="none" className={classes.bars} aria-hidden>
        {bars.map(({ label, count }, at) => {
          const height = count === 0 ? 1 : Math.max(3, (count / most) * (HIGH - 4));
          return (
            <g key={label} data-tip={`${label}: ${numberText(count, locale)}`}>
              <rect x={at * WIDE} y={0} width={WIDE} height={HIGH} fill="transparent" />
              <rect className={classes.bar} data-none={count === 0 || undefined} x={at * WIDE + 2} y={HIGH - height} width={WIDE - 4} height={height} />
            </g>
          );
        })}
      </svg>
      <div className={classes.axis} aria-hidden>
        <span>{first?.label}</span>
        <span>{last?.label}</span>
      </div>
      <details>
        <summary>{say.asTable}</summary>
        <div className={classes.scroll} tabIndex={0} role="group" aria-label={title}>
          <Table aria-label={title}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{of}</Table.Th>
                <Table.Th scope="col">{say.columns.count}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {bars.map(({ label, count }) => (
                <Table.Tr key={label}>
                  <Table.Th scope="row" fw={400}>
                    {label}
                  </Table.Th>
                  <Table.Td>{numberText(count, locale)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      </details>
    </section>
  );
}
