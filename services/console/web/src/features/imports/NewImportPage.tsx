import { Alert, Button, FileInput, Group, Select, Stack, Text } from "@mantine/core";
import { IconFileTypeCsv, IconUpload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { asProblem } from "../../api/problem";
import { explained } from "../../ui/Failure";
import listed from "../../ui/ListPage.module.css";
import { PageHead } from "../../ui/PageHead";
import { useWords } from "../../words";
import { useImportWords } from "../../words/imports";
import { upload } from "./api";
import classes from "./imports.module.css";

const ENCODINGS = ["utf-8", "utf-16", "windows-1252"] as const;
const DELIMITERS = [",", ";", "\t", "|"] as const;
const MOST_BYTES = 256 * 2 ** 20;

/** Chooses a file and sends it; how it is written is found out, unless somebody says so. */
export default function NewImportPage() {
  const say = useImportWords();
  const words = useWords();
  const go = useNavigate();
  const [file, setFile] = useState<File | null>(null);
  const [encoding, setEncoding] = useState<string | null>(null);
  const [delimiter, setDelimiter] = useState<string | null>(null);
  const sending = useMutation({
    mutationFn: (chosen: File) => upload(chosen, { ...(encoding && { encoding }), ...(delimiter && { delimiter }) }),
    onSuccess: ({ id }) => void go(`/contacts/import/${id}`, { replace: true }),
  });
  const tooLarge = file !== null && file.size > MOST_BYTES;
  return (
    <div className={listed.page}>
      <PageHead title={say.newTitle} about={say.newAbout} />
      <form
        className={classes.card}
        onSubmit={(event) => {
          event.preventDefault();
          if (file && !tooLarge) sending.mutate(file);
        }}
      >
        <Stack gap="md" maw={560}>
          <FileInput
            label={say.file}
            description={say.fileHelp}
            placeholder={say.choose}
            accept=".csv,.txt,.tsv,text/csv,text/plain"
            leftSection={<IconFileTypeCsv size={18} aria-hidden />}
            value={file}
            onChange={setFile}
            error={tooLarge && say.tooLarge}
            clearable
            clearButtonProps={{ "aria-label": say.otherFile }}
            data-autofocus
          />
          <Group grow align="flex-start">
            <Select
              label={say.encoding}
              placeholder={say.foundOut}
              data={ENCODINGS.map((value) => ({ value, label: say.encodings[value] }))}
              value={encoding}
              onChange={setEncoding}
              clearable
            />
            <Select
              label={say.delimiter}
              placeholder={say.foundOut}
              data={DELIMITERS.map((value) => ({ value, label: say.delimiters[value] ?? value }))}
              value={delimiter}
              onChange={setDelimiter}
              clearable
            />
          </Group>
          <Text size="sm" c="dimmed">
            {say.promise}
          </Text>
          {sending.error && (
            <Alert role="alert" color="red" variant="light" title={explained(asProblem(sending.error), words).title}>
              {explained(asProblem(sending.error), words).text}
            </Alert>
          )}
          <Group>
            <Button type="submit" loading={sending.isPending} disabled={!file || tooLarge} leftSection={<IconUpload size={16} aria-hidden />}>
              {say.upload}
            </Button>
            <Button variant="default" component={Link} to="/contacts/import">
              {words.app.cancel}
            </Button>
          </Group>
        </Stack>
      </form>
    </div>
  );
}
