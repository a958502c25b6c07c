import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ComponentProps, useEffect } from "react";
import { Failure } from "../../../ui/Failure";
import { getCategories, getFields } from "./api";
import { EditForm } from "./EditForm";

/** The editing window of a contact, once it is known what the workspace defines. */
export default function EditContact(props: Omit<ComponentProps<typeof EditForm>, "fields" | "categories">) {
  const fields = useQuery({ queryKey: ["definitions", "fields"], queryFn: ({ signal }) => getFields(signal) });
  const categories = useQuery({ queryKey: ["definitions", "categories"], queryFn: ({ signal }) => getCategories(signal) });
  const { onDirty } = props;
  useEffect(() => {
    return () => {
      onDirty(false);
    };
  }, [onDirty]);
  if (fields.data && categories.data) return <EditForm {...props} fields={fields.data} categories={categories.data} />;
  const error = fields.error ?? categories.error;
  if (error) return <Failure error={error} retry={() => void Promise.all([fields.refetch(), categories.refetch()])} />;
  return <Skeleton height={480} />;
}
