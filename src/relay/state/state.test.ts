import { chmodSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultConfiguration } from '../channel/configuration.ts';
import { loadChannels, saveChannel } from './channels.ts';
import { openKey, Secrets } from './sealing.ts';
import { State } from './state.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rowlock-state-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the state', () => {
  it('comes back', async () => {
    const file = join(folder, 'relay.sqlite');
    const first = await State.open(file);
    first.variables.set('a', '1');
    first.atomically(() => {
      first.variables.set('b', '2');
      first.variables.delete('a');
    });
    expect(() =>
      first.atomically(() => {
        first.variables.set('c', '3');
        throw new Error('no');
      }),
    ).toThrow('no');
    first.close();
    const again = await State.open(file);
    expect([...again.variables.all()]).toEqual([['b', '2']]);
    again.close();
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('belongs to one process', async () => {
    const file = join(folder, 'relay.sqlite');
    const first = await State.open(file);
    await expect(State.open(file)).rejects.toThrow('another process has this data folder');
    first.close();
    (await State.open(file)).close();
  });

  it('keeps channels, their passwords sealed', async () => {
    const state = await State.open(':memory:');
    const secrets = new Secrets(await openKey(join(folder, 'key')), folder, {});
    const configuration = {
      ...defaultConfiguration('c', 60),
      sourceHost: 'h',
      sourcePassword: { kind: 'stored' as const, sealed: secrets.seal('hunter2', 'c') },
    };
    saveChannel(state.channels, configuration);
    expect([...state.channels.all().values()].join()).not.toContain('hunter2');
    const [loaded] = loadChannels(state.channels, 60);
    expect(loaded).toEqual(configuration);
    expect(await secrets.reveal(loaded?.sourcePassword, 'c')).toBe('hunter2');
    await expect(secrets.reveal(loaded?.sourcePassword, 'other')).rejects.toThrow('does not open');
    state.close();
  });
});

describe('secrets', () => {
  it('open with the same key only', async () => {
    const sealed = new Secrets(await openKey(join(folder, 'one')), folder, {}).seal('x', 'p');
    const other = new Secrets(await openKey(join(folder, 'two')), folder, {});
    await expect(other.reveal({ kind: 'stored', sealed }, 'p')).rejects.toThrow('does not open');
    const same = new Secrets(await openKey(join(folder, 'one')), folder, {});
    expect(await same.reveal({ kind: 'stored', sealed }, 'p')).toBe('x');
  });

  it('are not read with a key that others may read', async () => {
    await openKey(join(folder, 'key'));
    chmodSync(join(folder, 'key'), 0o644);
    await expect(openKey(join(folder, 'key'))).rejects.toThrow('open to others');
  });

  it('come from the environment, or from files inside the folder', async () => {
    const secrets = new Secrets(Buffer.alloc(32), folder, { PW: 'e' });
    expect(await secrets.reveal({ kind: 'environment', name: 'PW' }, '')).toBe('e');
    await expect(secrets.reveal({ kind: 'environment', name: 'NO' }, '')).rejects.toThrow('NO');
    writeFileSync(join(folder, 'pw'), 'f\n');
    expect(await secrets.reveal({ kind: 'file', path: 'pw' }, '')).toBe('f');
    await expect(secrets.reveal({ kind: 'file', path: '/etc/hostname' }, '')).rejects.toThrow('data folder');
    await expect(secrets.reveal({ kind: 'file', path: '../x/../../etc/hostname' }, '')).rejects.toThrow();
    symlinkSync('/etc/hostname', join(folder, 'link'));
    await expect(secrets.reveal({ kind: 'file', path: 'link' }, '')).rejects.toThrow('data folder');
  });
});
