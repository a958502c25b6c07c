export { RequireSession } from "./RequireSession";
export { UserMenu } from "./UserMenu";
