// From nothing to the end of an empty log, beside Node doing nothing and the real tool.
import { emptyLog } from '../logs.js';
import { ours, real } from '../variants.js';

export const paths = [
  {
    name: 'start-up',
    rounds: 21,
    async variants() {
      const log = await emptyLog('mysql97');
      return [
        ours([log]),
        { name: 'node -e 0', command: process.execPath, args: ['-e', '0'] },
        real('mysql97', [log]),
      ];
    },
  },
];
