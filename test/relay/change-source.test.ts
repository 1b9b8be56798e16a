import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasOpenssl } from '../connection/authority.ts';
import { missingServers } from '../servers/index.ts';
import {
  allSettings,
  changeOptions,
  describeSetting,
  type Family,
  type Setting,
} from './change-source/settings.ts';
import { type Fate, PATIENT_LOOK_MS, tryChannel } from './change-source/side.ts';
import { Stage } from './change-source/stage.ts';

/** `whole`: every setting; otherwise so many, spread over all of them. */
const WANTED = process.env['ROWLOCK_CHANGES'] ?? '30';
const REPORT = process.env['ROWLOCK_CHANGES_REPORT'];

/** The families' words where they come from their TLS libraries, or say by chance what they were doing. */
function comparable({ running, errno, text }: Fate, family: Family, { client, mode }: Setting): string {
  // TLS 1.3 tells of a refused client certificate when the client is already talking.
  if (mode !== 'off' && (client === 'strangerCert' || client === 'expired') && LATE.test(text))
    return 'client certificate refused';
  if (family === 'mysql') return `${running} ${errno} ${text}`;
  // MariaDB's server prints OpenSSL's error after somebody else has taken it: `reason(0)`.
  return `${running} ${errno} ${text.replace(/SSL connection error: (?!SSL_CTX|Unable|Failed to set|SSL is).*/, 'SSL connection error')}`;
}

const LATE = /Lost connection to .*|SSL connection error: error:.* alert .*/;

/** Where MariaDB connects and a relay does not, on purpose: see compatibility.md. */
function isStricter(family: Family, { source, mode, host }: Setting, theirs: Fate, ours: Fate): boolean {
  if (family === 'mysql' || ours.errno !== 2026) return false;
  // Somebody who gets as far as a wrong password has been let in by the same trust.
  if (theirs.running !== 'Yes' && theirs.errno !== 1045) return false;
  const fallsBack = source === 'off' && mode === 'ssl';
  const trustsLocal = host === '127.0.0.1' && mode !== 'ssl';
  return fallsBack || trustsLocal;
}

describe.each(['mysql', 'mariadb'] as const)('a channel and a real replica of %s', (family) => {
  const missing =
    missingServers(family === 'mysql' ? 'mysql97' : 'mariadb118') ??
    (hasOpenssl() ? undefined : 'no openssl program');
  const folder = mkdtempSync(join(tmpdir(), 'rowlock-change-'));
  let stage: Stage | undefined;

  beforeAll(async () => {
    if (missing === undefined) stage = await Stage.start(family, folder);
  }, 120_000);

  afterAll(async () => {
    await stage?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test.skipIf(missing)(
    'connect alike and fail alike, in the same words',
    { timeout: 3_600_000 },
    async () => {
      const { replica, relay, files } = stage!;
      const all = allSettings(family);
      const step = WANTED === 'whole' ? 1 : Math.max(1, Math.floor(all.length / Number(WANTED)));
      const only = process.env['ROWLOCK_CHANGES_ONLY'];
      const chosen = all.filter((one, index) =>
        only === undefined ? index % step === 0 : describeSetting(one, family).includes(only),
      );
      const differing: string[] = [];
      let connected = 0;
      let stricter = 0;
      let again = 0;
      for (const one of chosen) {
        const change = changeOptions(family, one, await stage!.port(one.source), files);
        const both = (lookMs?: number): Promise<[Fate, Fate]> =>
          Promise.all([
            tryChannel(replica, family, change, lookMs),
            tryChannel(relay, family, change, lookMs),
          ]);
        let [theirs, ours] = await both();
        const alike = (): boolean => comparable(theirs, family, one) === comparable(ours, family, one);
        if (!alike() && !isStricter(family, one, theirs, ours)) {
          again += 1;
          [theirs, ours] = await both(PATIENT_LOOK_MS);
        }
        if (theirs.running === 'Yes') connected += 1;
        if (alike()) continue;
        if (isStricter(family, one, theirs, ours)) {
          stricter += 1;
          continue;
        }
        const words = ({ running, errno, text }: Fate): string => `${running} ${errno} ${text}`;
        differing.push(`${describeSetting(one, family)}\n  theirs ${words(theirs)}\n  ours   ${words(ours)}`);
      }
      console.log(
        `${family}: ${chosen.length} of ${all.length} settings, ${connected} of them connected, ${stricter} refused by the relay alone, ${again} looked at twice, ${differing.length} differ`,
      );
      if (REPORT !== undefined) writeFileSync(`${REPORT}-${family}`, differing.join('\n'));
      expect(differing).toEqual([]);
    },
  );
});
