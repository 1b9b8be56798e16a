import { describe, expect, test } from 'vitest';
import { missingServers, runTool, SERVER_NAMES, SERVERS, withServer } from './index.ts';

describe.each(SERVER_NAMES)('the real server %s', (name) => {
  const missing = missingServers(name);

  test.skipIf(missing)('starts, answers, and leaves a log its tool reads', { timeout: 120_000 }, async () => {
    await withServer(name, 'self', {}, async (server) => {
      const version = await server.query('SELECT VERSION()');
      expect(version.split('\n')[1]).toMatch(new RegExp(`^${SERVERS[name].version.replaceAll('.', '\\.')}`));
      await server.query('CREATE DATABASE d; CREATE TABLE d.t (a INT); INSERT INTO d.t VALUES (42)');
      await expect(server.query('SELECT 1 FROM d.absent')).rejects.toThrow('1146');
      await server.stop();
      const { server: owner, tool } = SERVERS[name].binlogTool;
      const log = `${server.dataFolder}/mysql-bin.000001`;
      const { exit, stdout } = await runTool(owner, tool, ['--no-defaults', '-v', log]);
      expect(exit).toBe(0);
      expect(stdout).toContain('###   @1=42');
    });
  });
});
