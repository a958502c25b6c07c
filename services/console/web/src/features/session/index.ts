export { RequireScope } from "./RequireScope";
export { RequireSession } from "./RequireSession";
export { useMayEditPeople } from "./useMay";
export { UserMenu } from "./UserMenu";
export { useSession } from "./useSession";
