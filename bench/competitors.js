import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE } from './logs.js';

// Versions that were current when the comparison was written.
export const COMPETITORS = ['@vlasky/zongji@0.9.0', '@powersync/mysql-zongji@0.6.2'];

/** Install the competitors outside the product's tree; their entry modules, in the order of {@link COMPETITORS}. */
export function competitorModules() {
  const folder = join(CACHE, 'competitors');
  const modules = COMPETITORS.map((spec) => join(folder, 'node_modules', spec.replace(/@[^@]*$/, '')));
  if (!modules.every((module) => existsSync(module))) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{"private":true,"type":"module"}');
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund'];
    // One asks for a newer Node than it needs.
    execFileSync('npm', ['install', ...quiet, '--engine-strict=false', ...COMPETITORS], {
      cwd: folder,
      stdio: 'inherit',
    });
  }
  return modules.map((module) => join(module, 'index.js'));
}
