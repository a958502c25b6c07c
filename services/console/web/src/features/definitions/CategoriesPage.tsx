import { Button, Group } from "@mantine/core";
import { IconBell, IconBellOff, IconPlus } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { usePages } from "../../api/usePages";
import { Blank } from "../../ui/Blank";
import { ColumnMenu } from "../../ui/ColumnMenu";
import { type Column, useColumnChoice } from "../../ui/columns";
import { Cut } from "../../ui/Cut";
import classes from "../../ui/ListPage.module.css";
import { OpenableList } from "../../ui/OpenableList";
import { PageHead } from "../../ui/PageHead";
import { useProfileWords } from "../../words/profile";
import { CATEGORIES_KEY, type Category, getCategories } from "./api";
import { CategoryCard } from "./CategoryCard";

/** Settings → Subscription categories: what people may want or not. */
export default function CategoriesPage() {
  const { categoriesPage: say } = useProfileWords();
  const list = usePages([...CATEGORIES_KEY, "list"], (_place, signal) => getCategories(signal));
  const choice = useColumnChoice("categories", useColumns());
  const [adding, setAdding] = useState(false);
  const add = () => {
    setAdding(true);
  };
  return (
    <div className={classes.page}>
      <PageHead title={say.title} about={say.about}>
        <Button flex="none" leftSection={<IconPlus size={16} aria-hidden />} onClick={add}>
          {say.add}
        </Button>
      </PageHead>
      <div className={classes.bar}>
        <ColumnMenu choice={choice} />
      </div>
      <OpenableList
        label={say.title}
        list={list}
        columns={choice.shown}
        empty={<Blank icon={<IconBell size={32} stroke={1.5} />} title={say.emptyTitle} text={say.empty} action={{ label: say.add, onClick: add }} />}
        card={(category, close) => <CategoryCard key={category.id} category={category} onClose={close} />}
      />
      {adding && (
        <CategoryCard
          category={null}
          onClose={() => {
            setAdding(false);
          }}
        />
      )}
    </div>
  );
}

function useColumns(): Column<Category>[] {
  const { categoriesPage: say } = useProfileWords();
  return useMemo(
    () => [
      { id: "name", title: say.columns.name, width: 240, narrow: 160, always: true, render: ({ name }) => <Cut>{name}</Cut> },
      { id: "description", title: say.columns.description, width: 360, wide: true, render: ({ description }) => <Cut>{description}</Cut> },
      {
        id: "default",
        title: say.columns.byDefault,
        help: say.byDefault,
        width: 180,
        render: ({ by_default: on }) => (
          <Group gap={6} wrap="nowrap">
            {on ? <IconBell size={16} color="var(--kith-good)" aria-hidden /> : <IconBellOff size={16} aria-hidden />}
            {on ? say.on : say.off}
          </Group>
        ),
      },
    ],
    [say],
  );
}
