/** A statement that fails unless a condition holds, by ER_SUBQUERY_NO_1_ROW: how a transaction is stopped that is sent ahead of its answers. */
export const demanded = (condition: string): string =>
  `SET @rowlock_rows = IF(${condition}, 1, (SELECT 1 UNION ALL SELECT 2))`;
