import type { Expression } from '../../../sql/index.ts';

/** `left = right` */
export const equal = (left: Expression, right: Expression): Expression => ({
  kind: 'binary',
  operator: '=',
  left,
  right,
  height: 1,
});
