import { Badge, Group, TagsInput, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asProblem } from "../../api/problem";
import { explained } from "../../ui/Failure";
import { useWords } from "../../words";
import { useConversationWords } from "../../words/conversation";
import { useLiveChange } from "../live";
import { useSession } from "../session";
import { findTags, getClient, makeTag, setTags } from "./api";

const MOST_CHARACTERS = 64;

/** The client's tags: typed and entered, or chosen from those that there are. Turns back with a reason if refused. */
export function TagsEditor({ clientId }: { clientId: string }) {
  const all = useWords();
  const words = useConversationWords();
  const { user } = useSession();
  const cache = useQueryClient();
  const queryKey = ["conversation", "client", clientId];
  const client = useQuery({ queryKey, queryFn: ({ signal }) => getClient(clientId, signal) });
  useLiveChange("client", clientId, () => void client.refetch());
  const [search, setSearch] = useState("");
  const [asked] = useDebouncedValue(search.trim(), 200);
  const mayTag = user?.scopes.includes("people:tag") ?? false;
  const found = useQuery({ queryKey: ["tags", asked], queryFn: ({ signal }) => findTags(asked, signal), enabled: mayTag, placeholderData: keepPreviousData });
  const there = client.data?.tags ?? [];
  const change = useMutation({
    scope: { id: `tags-${clientId}` },
    mutationFn: async (names: string[]) => {
      const known = [...there, ...(found.data ?? [])];
      const tags = await Promise.all(names.map(async (name) => known.find((tag) => tag.name === name) ?? makeTag(name)));
      return setTags(clientId, tags.map(({ id }) => id));
    },
    onSettled: async () => {
      await cache.invalidateQueries({ queryKey });
      await cache.invalidateQueries({ queryKey: ["tags"] });
    },
  });
  if (!client.data) return null;
  if (!mayTag)
    return (
      <Group gap={6} aria-label={words.tagsOf} role="group">
        {there.length === 0 && <Text c="dimmed">{words.noTags}</Text>}
        {there.map(({ id, name }) => (
          <Badge key={id} variant="default" tt="none" fw={500}>
            <bdi>{name}</bdi>
          </Badge>
        ))}
      </Group>
    );
  const shown = change.isPending ? change.variables : there.map(({ name }) => name);
  return (
    <TagsInput
      label={words.tags}
      placeholder={words.addTag}
      size="sm"
      maxTags={50}
      maxLength={MOST_CHARACTERS}
      splitChars={[]}
      data={(found.data ?? []).map(({ name }) => name)}
      value={shown}
      searchValue={search}
      onSearchChange={setSearch}
      onChange={(names) => {
        change.mutate(names);
      }}
      error={change.error ? `${words.tagsFailed}: ${explained(asProblem(change.error), all).text}` : undefined}
      errorProps={{ role: "alert" }}
      data-testid="tags"
    />
  );
}
