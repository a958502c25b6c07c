import { DirectionProvider, MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { BrowserRouter, Navigate, Route, Routes } from "react-router";
import { RequireScope, RequireSession } from "../features/session";
import { Tips } from "../ui/Tips";
import { WordsProvider } from "../words";
import { Crash } from "./Crash";
import { queries } from "./queries";
import { colorSchemes, contrast, theme } from "./theme";

const SignInPage = lazy(() => import("../features/session/SignInPage"));
const Shell = lazy(() => import("./Shell"));
const ClientsPage = lazy(() => import("../features/clients/ClientsPage"));
const ClientCard = lazy(() => import("../features/clients/ClientCard"));
const VisitorsPage = lazy(() => import("../features/clients/lists/VisitorsPage"));
const CreateVisitor = lazy(() => import("../features/clients/lists/CreateVisitor"));
const AllContactsPage = lazy(() => import("../features/clients/lists/AllContactsPage"));
const WithoutContactsPage = lazy(() => import("../features/without-contacts/WithoutContactsPage"));
const JsonModal = lazy(() => import("../features/without-contacts/JsonModal"));
const StepsDrawer = lazy(() => import("../features/without-contacts/StepsDrawer"));
const InvitationPage = lazy(() => import("../features/session/InvitationPage"));
const UsersPage = lazy(() => import("../features/users/UsersPage"));
const ApiKeysPage = lazy(() => import("../features/api-keys/ApiKeysPage"));
const ContactsPage = lazy(() => import("../features/contacts/ContactsPage"));
const AddContact = lazy(() => import("../features/contacts/AddContact"));
const EditContact = lazy(() => import("../features/contacts/EditContact"));
const BlacklistPage = lazy(() => import("../features/blacklist/BlacklistPage"));
const ConnectionsPage = lazy(() => import("../features/connections/ConnectionsPage"));
const ScenarioPage = lazy(() => import("../features/connections/ScenarioPage"));
const ConversationPage = lazy(() => import("../features/conversation/ConversationPage"));
const LogPage = lazy(() => import("../features/requests/LogPage"));
const RequestDrawer = lazy(() => import("../features/requests/RequestDrawer"));
const StatisticsPage = lazy(() => import("../features/statistics/StatisticsPage"));
const NotificationsPage = lazy(() => import("../features/notifications/NotificationsPage"));
const EmailsPage = lazy(() => import("../features/emails/EmailsPage"));
const QueuesPage = lazy(() => import("../features/queues/QueuesPage"));
const QueuePage = lazy(() => import("../features/queues/QueuePage"));
const NewQueuePage = lazy(() => import("../features/queues/NewQueuePage"));
const ImportsPage = lazy(() => import("../features/imports/ImportsPage"));
const NewImportPage = lazy(() => import("../features/imports/NewImportPage"));
const ImportPage = lazy(() => import("../features/imports/ImportPage"));
const ErasuresPage = lazy(() => import("../features/privacy/ErasuresPage"));
const TagsPage = lazy(() => import("../features/labels/TagsPage"));
const GroupsPage = lazy(() => import("../features/labels/GroupsPage"));
const SegmentsPage = lazy(() => import("../features/labels/SegmentsPage"));
const FieldsPage = lazy(() => import("../features/definitions/FieldsPage"));
const CategoriesPage = lazy(() => import("../features/definitions/CategoriesPage"));
const NotFound = lazy(() => import("./NotFound"));

export function App() {
  return (
    <DirectionProvider>
      <MantineProvider theme={theme} cssVariablesResolver={contrast} colorSchemeManager={colorSchemes} defaultColorScheme="auto">
        <WordsProvider>
          <Crash>
            <QueryClientProvider client={queries}>
              <BrowserRouter>
                <Pages />
              </BrowserRouter>
              <Tips />
            </QueryClientProvider>
          </Crash>
        </WordsProvider>
      </MantineProvider>
    </DirectionProvider>
  );
}

function Pages() {
  return (
    <Suspense>
      <Routes>
        <Route path="/sign-in" element={<SignInPage />} />
        <Route path="/invitation" element={<InvitationPage />} />
        <Route element={<RequireSession />}>
          <Route element={<Shell />}>
            <Route index element={<Navigate to="/clients" replace />} />
            <Route path="/clients" element={<ClientsPage />}>
              <Route path=":id" element={<ClientCard />} />
            </Route>
            <Route path="/clients/without-contacts" element={<WithoutContactsPage />}>
              <Route path=":id/json" element={<JsonModal />} />
              <Route path=":id/steps" element={<StepsDrawer />} />
            </Route>
            <Route path="/contacts" element={<AllContactsPage />}>
              <Route path=":id" element={<ClientCard base="/contacts" />} />
            </Route>
            <Route path="/marketing/visitors" element={<VisitorsPage />}>
              <Route path="new" element={<CreateVisitor />} />
              <Route path=":id" element={<ClientCard base="/marketing/visitors" />} />
            </Route>
            <Route element={<RequireScope scope="conversations:read" />}>
              <Route path="/conversations/:id" element={<ConversationPage />} />
            </Route>
            <Route path="/audiences/chat/contacts" element={<ContactsPage />}>
              <Route path="new" element={<AddContact />} />
              <Route path=":id" element={<EditContact />} />
            </Route>
            <Route element={<RequireScope scope="people:write" />}>
              <Route path="/contacts/import" element={<ImportsPage />} />
              <Route path="/contacts/import/new" element={<NewImportPage />} />
              <Route path="/contacts/import/:id" element={<ImportPage />} />
            </Route>
            <Route path="/marketing/groups" element={<GroupsPage />} />
            <Route path="/marketing/segments" element={<SegmentsPage />} />
            <Route path="/marketing/tags" element={<TagsPage />} />
            <Route path="/audiences/blacklist" element={<BlacklistPage />} />
            <Route element={<RequireScope scope="requests:read" />}>
              <Route path="/queues/log" element={<LogPage />}>
                <Route path=":id" element={<RequestDrawer />} />
              </Route>
              <Route path="/queues/statistics" element={<StatisticsPage />} />
              <Route path="/settings/notifications" element={<NotificationsPage />} />
            </Route>
            <Route element={<RequireScope scope="queues:read" />}>
              <Route path="/queues/hours" element={<QueuesPage />} />
              <Route path="/queues/hours/new" element={<NewQueuePage />} />
              <Route path="/queues/hours/:id" element={<QueuePage />} />
            </Route>
            <Route element={<RequireScope scope="queues:write" />}>
              <Route path="/settings/emails" element={<EmailsPage />} />
            </Route>
            <Route element={<RequireScope scope="connections:write" />}>
              <Route path="/channels/connections" element={<ConnectionsPage />} />
              <Route path="/channels/connections/:id/scenario" element={<ScenarioPage />} />
            </Route>
            <Route element={<RequireScope scope="people:privacy" />}>
              <Route path="/settings/erasures" element={<ErasuresPage />} />
            </Route>
            <Route element={<RequireScope scope="users:write" />}>
              <Route path="/settings/users" element={<UsersPage />} />
            </Route>
            <Route element={<RequireScope scope="keys:write" />}>
              <Route path="/settings/api-keys" element={<ApiKeysPage />} />
            </Route>
            <Route element={<RequireScope scope="workspace:write" />}>
              <Route path="/settings/fields" element={<FieldsPage />} />
              <Route path="/settings/categories" element={<CategoriesPage />} />
            </Route>
            <Route path="*" element={<NotFound />} />
          </Route>
        </Route>
      </Routes>
    </Suspense>
  );
}
