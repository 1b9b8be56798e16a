import { describe, expect, test } from 'vitest';
import { inOrder, sourceLevels } from './order.ts';
import { isSameServer, readRole, roleStatements, type ServerIdentity, type ServerRole } from './roles.ts';

const server = (serverId: number, more: Partial<ServerIdentity> = {}): ServerIdentity => ({
  uuid: undefined,
  serverId,
  address: undefined,
  ...more,
});
const role = (
  serverId: number,
  sources: readonly number[],
  replicas: readonly number[] = [],
): ServerRole => ({
  self: server(serverId),
  sources: sources.map((id) => server(id)),
  replicas: replicas.map((id) => server(id)),
  unknown: undefined,
});

describe('levels of replication', () => {
  test('rise from replicas to their source, over a server between', () => {
    const levels = sourceLevels([
      { name: 'top', role: role(1, []) },
      { name: 'middle', role: role(2, [1]) },
      { name: 'leaf', role: role(3, [2]) },
      { name: 'alone', role: role(4, []) },
    ]);
    expect(Object.fromEntries(levels)).toEqual({ top: 2, middle: 1, leaf: 0, alone: 0 });
  });

  test('come from either end: what a replica says of its source, or a source of its replicas', () => {
    const told = sourceLevels([
      { name: 'source', role: role(1, [], [2]) },
      { name: 'replica', role: role(2, []) },
    ]);
    expect(told.get('source')).toBe(1);
    const silent = sourceLevels([
      { name: 'source', role: undefined },
      { name: 'replica', role: role(2, [1]) },
    ]);
    expect(silent.get('source')).toBe(0);
  });

  test('of a ring are equal, and a replica outside it stays below', () => {
    const levels = sourceLevels([
      { name: 'a', role: role(1, [2]) },
      { name: 'b', role: role(2, [1]) },
      { name: 'leaf', role: role(3, [1]) },
    ]);
    expect(levels.get('leaf')).toBe(0);
    expect(levels.get('a')).toBe(levels.get('b'));
    expect(levels.get('a')).toBeGreaterThan(0);
  });
});

describe('the order of a deployment', () => {
  const items = [
    { kind: 'server', name: 'source' },
    { kind: 'user', name: 'app' },
    { kind: 'server', name: 'east' },
    { kind: 'server', name: 'west' },
  ] as const;
  const levels = new Map([['source', 1]]);

  test('gives new trust to those who verify before their source shows anything new', () => {
    expect(inOrder(items, levels, 'sources last').map(({ name }) => name)).toEqual([
      'app',
      'east',
      'west',
      'source',
    ]);
  });

  test('takes old trust from those who verify only after their source', () => {
    expect(inOrder(items, levels, 'sources first').map(({ name }) => name)).toEqual([
      'source',
      'east',
      'west',
      'app',
    ]);
  });
});

describe('two descriptions of a server', () => {
  const at = (host: string, port = 3306): Partial<ServerIdentity> => ({ address: { host, port } });
  test.each([
    ['the same UUID', server(1, { uuid: 'a' }), server(2, { uuid: 'a' }), true],
    [
      'UUIDs that differ, though the numbers agree',
      server(1, { uuid: 'a' }),
      server(1, { uuid: 'b' }),
      false,
    ],
    ['the same address in other letters', server(0, at('DB1')), server(5, at('db1')), true],
    ['the same number behind another address', server(7, at('10.0.0.1')), server(7, at('db1')), true],
    ['another port and number', server(1, at('db1', 3307)), server(2, at('db1')), false],
  ])('with %s', (_name, one, other, same) => {
    expect(isSameServer(one, other)).toBe(same);
  });
});

describe('asking a server', () => {
  test.each([
    ['9.7.0', 'SHOW REPLICA STATUS', 'SHOW REPLICAS'],
    ['8.0.21', 'SHOW SLAVE STATUS', 'SHOW SLAVE HOSTS'],
    ['5.6.24-log', 'SHOW SLAVE STATUS', 'SHOW SLAVE HOSTS'],
    ['11.8.3-MariaDB', 'SHOW ALL REPLICAS STATUS', 'SHOW REPLICA HOSTS'],
    ['10.3.39-MariaDB', 'SHOW ALL SLAVES STATUS', 'SHOW SLAVE HOSTS'],
  ])('%s speaks its own words', (version, sources, replicas) => {
    expect(roleStatements(version)).toEqual({ sources, replicas });
  });

  test('takes what it says, and keeps its reason for what it does not', async () => {
    const answers: Record<string, readonly Record<string, string | null>[]> = {
      'SELECT @@server_id AS server_id': [{ server_id: '2' }],
      "SHOW VARIABLES LIKE 'server_uuid'": [{ variable_name: 'server_uuid', value: 'u-2' }],
      'SHOW REPLICA STATUS': [
        { source_host: 'db1', source_port: '3306', source_server_id: '1', source_uuid: 'u-1' },
        { source_host: 'db9', source_port: '3306', source_server_id: '0', source_uuid: '' },
      ],
    };
    const visit = {
      version: '9.7.0',
      served: [],
      tls: undefined,
      query: async (sql: string) => {
        const answer = answers[sql];
        if (answer === undefined) throw new Error('Access denied');
        return answer;
      },
      close: async () => undefined,
    };
    const address = { host: 'db2', port: 3306 };
    expect(await readRole(visit, address)).toEqual({
      self: { uuid: 'u-2', serverId: 2, address },
      sources: [
        { uuid: 'u-1', serverId: 1, address: { host: 'db1', port: 3306 } },
        { uuid: undefined, serverId: undefined, address: { host: 'db9', port: 3306 } },
      ],
      replicas: [],
      unknown: 'Access denied',
    });
  });
});
