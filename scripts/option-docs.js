// npm run docs: writes docs/options.md from the option tables; `--check` only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importTypeScript } from './typescript.js';

const ROOT = join(import.meta.dirname, '..');
const DOCUMENT = join(ROOT, 'docs/options.md');

const { binlogOptionTable } = await importTypeScript(join(ROOT, 'src/cli/binlog/options/table.ts'));
const { relayOptionTable } = await importTypeScript(join(ROOT, 'src/cli/relay/options.ts'));
const { sqlOptionTable } = await importTypeScript(join(ROOT, 'src/cli/sql/options.ts'));
const { replicateOptionTable } = await importTypeScript(join(ROOT, 'src/cli/replicate/options.ts'));
const { resolveOptions, markdownTable } = await importTypeScript(join(ROOT, 'src/options/index.ts'));

const text = `# Options of rowlock binlog

Made from the option table (\`src/cli/binlog/options/\`) by \`npm run docs\`. How each compares with the originals: compatibility.md.

${markdownTable(resolveOptions(binlogOptionTable, 'mysql'))}

# Options of rowlock relay

Read from the command line and from the group \`[rowlock]\` of option files; most are system variables that \`SET GLOBAL\` and
\`SET PERSIST\` change while it runs.

${markdownTable(resolveOptions(relayOptionTable, 'mysql'))}

# Options of rowlock replicate

${markdownTable(resolveOptions(replicateOptionTable, 'mysql'))}

# Options of rowlock sql

${markdownTable(resolveOptions(sqlOptionTable, 'mysql'))}
`;
if (!process.argv.includes('--check')) writeFileSync(DOCUMENT, text);
else if (readFileSync(DOCUMENT, 'utf8') !== text) {
  console.error('docs/options.md is not what the option table says: npm run docs');
  process.exitCode = 1;
}
