// Text of a 230 MB log of large events, and of 100,000 small transactions, each mode beside the real tool's; JSON lines beside the
// mode that decodes as much.
import { rowsLog, smallLog } from '../logs.js';
import { ours, real } from '../variants.js';

const MODES = [
  { name: 'mysql-default', server: 'mysql97', args: [] },
  { name: 'mysql-v', server: 'mysql97', args: ['-v'] },
  { name: 'mysql-vv', server: 'mysql97', args: ['-vv'] },
  { name: 'mysql-decode-rows', server: 'mysql97', args: ['--base64-output=DECODE-ROWS', '-v'] },
  {
    name: 'mysql-json-rows',
    server: 'mysql97',
    args: ['--base64-output=DECODE-ROWS', '-v'],
    own: ['--json=rows'],
  },
  { name: 'mysql-compressed-default', server: 'mysql97', args: [], compressed: true },
  { name: 'mysql-compressed-v', server: 'mysql97', args: ['-v'], compressed: true },
  { name: 'mariadb-default', server: 'mariadb118', args: [] },
  { name: 'mariadb-v', server: 'mariadb118', args: ['-v'] },
  { name: 'mysql-small-default', server: 'mysql97', args: [], log: smallLog },
  { name: 'mysql-small-v', server: 'mysql97', args: ['-v'], log: smallLog },
  { name: 'mysql-small-compressed-default', server: 'mysql97', args: [], log: smallLog, compressed: true },
  { name: 'mariadb-small-default', server: 'mariadb118', args: [], log: smallLog },
  { name: 'mariadb-small-v', server: 'mariadb118', args: ['-v'], log: smallLog },
];

export const paths = MODES.map(({ name, server, args, own = args, log = rowsLog, compressed }) => ({
  name,
  rounds: 5,
  async variants() {
    const path = await log(server, compressed);
    return [ours([...own, path]), real(server, [...args, path])];
  },
}));
