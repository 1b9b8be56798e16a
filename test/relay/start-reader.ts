import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { startReader } from '../../src/cli/relay/start-reader.ts';
import { bundleNow, removeBundles } from '../target/bundle.ts';

let file: string | undefined;
// Nothing tells a worker of vitest that it ends; benches, which open stages too, run in a process that knows.
if (process.env['VITEST'] === undefined) process.once('exit', removeBundles);
else afterAll(removeBundles);

/** Starts what reads tables for a relay, from the sources as they are. Bundled for the first one: most relays of tests need none. */
export function startTestReader(): ChildProcess {
  if (file === undefined) {
    file = bundleNow('table-reader', join(import.meta.dirname, '../../src/cli/relay'));
  }
  return startReader(file);
}
