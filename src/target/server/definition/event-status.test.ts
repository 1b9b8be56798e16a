import { expect, it } from 'vitest';
import { withoutRunning } from './event-status.ts';

const without = (sql: string): string => Buffer.from(withoutRunning(Buffer.from(sql), {})).toString();

const DEFINER = 'DEFINER=`root`@`localhost`';
const EVERY = 'ON SCHEDULE EVERY 1 DAY';

it('an event that is made does not run, whatever it says', () => {
  for (const said of ['ENABLE', 'DISABLE', 'disable on slave', 'DISABLE ON REPLICA'])
    expect(
      without(`CREATE ${DEFINER} EVENT e ${EVERY} ON COMPLETION PRESERVE ${said} COMMENT 'x' DO SET @a = 1`),
    ).toBe(
      `CREATE ${DEFINER} EVENT e ${EVERY} ON COMPLETION PRESERVE DISABLE ON SLAVE COMMENT 'x' DO SET @a = 1`,
    );
});

it('an event says nothing of it where it stands before its comment or its body', () => {
  expect(without(`CREATE EVENT IF NOT EXISTS s.do ${EVERY} COMMENT 'ENABLE' DO DELETE FROM t`)).toBe(
    `CREATE EVENT IF NOT EXISTS s.do ${EVERY} DISABLE ON SLAVE  COMMENT 'ENABLE' DO DELETE FROM t`,
  );
  expect(without(`CREATE OR REPLACE ${DEFINER} EVENT enable ${EVERY} DO ALTER EVENT f ENABLE`)).toBe(
    `CREATE OR REPLACE ${DEFINER} EVENT enable ${EVERY} DISABLE ON SLAVE  DO ALTER EVENT f ENABLE`,
  );
});

it('an event that changes does not begin to run', () => {
  expect(without('ALTER EVENT e ENABLE')).toBe('ALTER EVENT e DISABLE ON SLAVE');
  expect(without("ALTER EVENT s.enable COMMENT 'x'")).toBe(
    "ALTER EVENT s.enable DISABLE ON SLAVE  COMMENT 'x'",
  );
  expect(without('ALTER DEFINER = CURRENT_USER() EVENT disable RENAME TO s.do')).toBe(
    'ALTER DEFINER = CURRENT_USER() EVENT disable RENAME TO s.do DISABLE ON SLAVE ',
  );
  expect(without('ALTER DEFINER=CURRENT_USER EVENT e DO SELECT 1')).toBe(
    'ALTER DEFINER=CURRENT_USER EVENT e DISABLE ON SLAVE  DO SELECT 1',
  );
});

it('other statements stay as they are', () => {
  for (const sql of [
    `CREATE ${DEFINER} PROCEDURE p() CREATE EVENT e ${EVERY} DO SELECT 1`,
    'CREATE TABLE event (event INT)',
    'ALTER TABLE event ADD enable INT',
    'DROP EVENT e',
    'CREATE VIEW event AS SELECT 1',
  ])
    expect(without(sql)).toBe(sql);
});
