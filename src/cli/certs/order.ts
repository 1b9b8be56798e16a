import { isSameServer, type ServerRole } from './roles.ts';

/**
 * Who takes the files first. Whoever verifies (a client, a replica) has new trust before the one it verifies (its source)
 * shows anything new; and keeps old trust until that one has been seen to show the new.
 */
export type DeploymentOrder = 'sources last' | 'sources first';

/** A server that takes files, and where it stands in replication; undefined when nobody knows. */
export interface PlacedServer {
  readonly name: string;
  readonly role: ServerRole | undefined;
}

/**
 * How many steps of replication hang below each server: 0 for one without replicas among the others, 1 for a source of
 * those, 2 for a source of sources. Servers in a ring all stand equally high.
 */
export function sourceLevels(servers: readonly PlacedServer[]): ReadonlyMap<string, number> {
  const replicasOf = new Map(servers.map(({ name }) => [name, new Set<string>()]));
  for (const { name, role } of servers) {
    if (role === undefined) continue;
    for (const other of servers) {
      if (other.name === name || other.role === undefined) continue;
      const { self } = other.role;
      if (role.sources.some((source) => isSameServer(source, self))) replicasOf.get(other.name)?.add(name);
      if (role.replicas.some((replica) => isSameServer(replica, self))) replicasOf.get(name)?.add(other.name);
    }
  }
  // Each round carries a level one step up; members of a ring rise together until the rounds end.
  let levels = new Map(servers.map(({ name }) => [name, 0]));
  for (let round = 1; round < servers.length; round++) {
    const below = levels;
    levels = new Map(
      servers.map(({ name }) => {
        const replicas = [...(replicasOf.get(name) ?? [])];
        return [name, Math.max(0, ...replicas.map((replica) => 1 + (below.get(replica) ?? 0)))];
      }),
    );
  }
  return levels;
}

/** Sorts what is to be deployed; what ranks the same stays in the order it was given. */
export function inOrder<T extends { readonly kind: 'server' | 'user'; readonly name: string }>(
  items: readonly T[],
  levels: ReadonlyMap<string, number>,
  order: DeploymentOrder,
): T[] {
  const rank = ({ kind, name }: T): number => (kind === 'user' ? -1 : (levels.get(name) ?? 0));
  const sign = order === 'sources last' ? 1 : -1;
  return items.toSorted((one, other) => sign * (rank(one) - rank(other)));
}
