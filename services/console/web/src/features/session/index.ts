export { RequireScope } from "./RequireScope";
export { RequireSession } from "./RequireSession";
export { UserMenu } from "./UserMenu";
export { useSession } from "./useSession";
