import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missingServers, SERVER_NAMES, type ServerName, sweepInstances } from '../servers/index.ts';
import { type BrokenState, brokenStates, recovered } from './broken-states.ts';
import { Patient } from './patient.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-doctor-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** ROWLOCK_DOCTOR_ALL=1 tries every state on every server; ROWLOCK_DOCTOR_TABLE names a file for what was seen. */
const { ROWLOCK_DOCTOR_ALL: all, ROWLOCK_DOCTOR_TABLE: table } = process.env;
const inShort: readonly ServerName[] = ['mysql97', 'mariadb1011'];
const chosen = SERVER_NAMES.filter((name) => all === '1' || name === 'mysql56' || inShort.includes(name));
const shortStates = [
  'TLS_OFF',
  'TLS_NOT_ACTIVE',
  'AUTO_GENERATED',
  'NO_HOST_NAME',
  'UNTRUSTED',
  'KEY_READABLE',
  'CRL_EXPIRED',
  'NOT_LOADED',
  'RELOAD_REFUSED',
];

function isTried(name: ServerName, { servers, slow, code }: BrokenState): boolean {
  if (!servers.includes(name)) return false;
  return all === '1' || slow !== true || (inShort.includes(name) && shortStates.includes(code));
}

const titleOf = ({ title, code, byHand }: BrokenState): string =>
  `${title}: ${code}, ${byHand === true ? 'for a person to mend' : 'and its mend clears it'}`;

describe.each(chosen)('the doctor visits %s', (name) => {
  const missing = missingServers(name) !== undefined;
  const states = brokenStates.filter((state) => isTried(name, state));
  let patient: Patient;

  beforeAll(async () => {
    if (missing) return;
    await sweepInstances();
    patient = new Patient(name, folder);
    await patient.admit();
  }, 120_000);
  afterAll(() => patient?.wipe());

  const tryState = async (state: BrokenState): Promise<void> => {
    patient.words = [];
    patient.hasAuthority = true;
    await state.arrange(patient);
    if (state.byHand === true) {
      const found = (await patient.findings()).find(({ code }) => code === state.code);
      expect(found?.message).toMatch(state.cause);
      return;
    }
    const seen = await patient.mended(state.code, state.cause);
    if (table !== undefined) appendFileSync(table, `${name}\t${state.title}\t${state.code}\t${seen}\n`);
  };

  const tryAll = (slow: boolean): void => {
    for (const state of states.filter((one) => (one.slow ?? false) === slow))
      test(titleOf(state), { timeout: 120_000 }, () => tryState(state));
  };

  const noneSlow = states.every(({ slow }) => slow !== true);
  describe.skipIf(missing || noneSlow)('while', () => {
    tryAll(true);
  });

  describe.skipIf(missing)('with a good pair, while', () => {
    beforeAll(() => recovered(patient), 120_000);
    tryAll(false);
  });
});
