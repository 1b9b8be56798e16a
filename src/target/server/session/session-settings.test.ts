import { expect, it } from 'vitest';
import type { Query } from '../../../binlog/index.ts';
import type { Connection } from '../../../connection/index.ts';
import { SessionMemory, translatedSettings } from './session-settings.ts';

/** A session of a server with these variables. */
const session = (variables: Readonly<Record<string, string>>): Connection =>
  ({
    query: async () => ({
      rows: Object.entries(variables).map((row) => row.map((text) => Buffer.from(text))),
    }),
  }) as unknown as Connection;

it('tells a server nothing of a setting that it is too old for', async () => {
  const settings = { character_set_collations: "''", timestamp: '1' };
  const told = async (variables: Readonly<Record<string, string>>): Promise<string | undefined> => {
    const memory = new SessionMemory();
    await memory.load(session(variables));
    return memory.change(settings);
  };
  expect(await told({ unique_checks: 'ON' })).toBe('SET @@session.timestamp=1');
  expect(await told({ character_set_collations: 'x' })).toBe(
    "SET @@session.character_set_collations='', @@session.timestamp=1",
  );
});

it('tells the other family what of sql_mode decides what values become', () => {
  const query = { status: { sqlMode: (1n << 31n) | (1n << 29n) | 0x44n } } as unknown as Query;
  for (const from of ['mysql', 'mariadb'] as const) {
    expect(translatedSettings(query, 0, from, true)['sql_mode']).toContain(
      "'ALLOW_INVALID_DATES,ANSI_QUOTES,HIGH_NOT_PRECEDENCE,NO_UNSIGNED_SUBTRACTION,PAD_CHAR_TO_FULL_LENGTH'",
    );
  }
});
