// Peak memory on 230 MB as a file, and on 2 GB of logs one after another on standard input: it must not grow.
import { rowsLog } from '../logs.js';
import { ours, real } from '../variants.js';

const COPIES = 9;

export const paths = [
  {
    name: 'memory-200mb',
    rounds: 3,
    async variants() {
      const log = await rowsLog('mysql97');
      return [ours(['-v', log]), real('mysql97', ['-v', log])];
    },
  },
  {
    name: 'memory-2gb-stdin',
    rounds: 1,
    async variants() {
      const files = Array.from({ length: COPIES }, () => '');
      files.fill(await rowsLog('mysql97'));
      return [ours(['-v', '-'], files), real('mysql97', ['-v', '-'], files)];
    },
  },
];
