import { charsetOfCollationName, formerDefaultCollation } from '../../charset/index.ts';
import { collationOfCharset, type StatementContext } from './statement-context.ts';

/** How texts are written, and how they compare. */
export interface TextCollation {
  readonly charset: string;
  /** As the source spells it, e.g. `utf8mb4_0900_ai_ci`; undefined: not known. */
  readonly collation?: string | undefined;
}

/** What a definition names; `default` is a name too. */
interface NamedCollation {
  readonly charset: string | undefined;
  readonly collation: string | undefined;
}

/** `utf8` is what servers call utf8mb3. */
const canonical = (charset: string): string => (charset === 'utf8' ? 'utf8mb3' : charset);
const canonicalCollation = (name: string): string => name.replace(/^utf8(?=_)/, 'utf8mb3');

/** The character set that a definition means; a collation names one too. */
export function charsetOf({ charset, collation }: NamedCollation): string | undefined {
  if (charset !== undefined && charset !== 'default') return canonical(charset);
  return collation === undefined ? undefined : charsetOfCollationName(collation)?.name;
}

/** The one of a schema, by the name that is kept of it: its collation's, or, of old, that of its character set. */
export function namedCollation(name: string, context: StatementContext): TextCollation {
  const charset = charsetOfCollationName(name)?.name ?? name;
  return { charset, collation: charset === name ? collationOfCharset(charset, context) : name };
}

export const binaryCollation = (charset: string): string =>
  charset === 'binary' ? charset : `${charset}_bin`;

/**
 * What a definition of a column, table or schema means.
 *
 * @param usual what DEFAULT is to MySQL: that of the table or schema around it
 * @param own what stays where nothing is named
 */
export function resolvedCollation(
  named: NamedCollation,
  context: StatementContext,
  usual: TextCollation,
  own = usual,
): TextCollation {
  const { flavor } = context;
  const { collation } = named;
  const base = ofCharset(named.charset, context, usual) ?? own;
  if (collation === undefined) return base;
  if (collation === 'default')
    return flavor === 'mysql'
      ? usual
      : { charset: base.charset, collation: collationOfCharset(base.charset, context) };
  const charset = charsetOfCollationName(collation)?.name;
  // MariaDB: the name without its character set, which is the one at hand.
  if (charset === undefined) return { charset: base.charset, collation: `${base.charset}_${collation}` };
  return { charset, collation: canonicalCollation(collation) };
}

function ofCharset(
  charset: string | undefined,
  context: StatementContext,
  usual: TextCollation,
): TextCollation | undefined {
  if (charset === undefined) return undefined;
  if (charset !== 'default') {
    const name = canonical(charset);
    return { charset: name, collation: collationOfCharset(name, context) };
  }
  // MariaDB takes over the character set alone, and its settings do not count there.
  return context.flavor === 'mysql'
    ? usual
    : { charset: usual.charset, collation: formerDefaultCollation(usual.charset, context.flavor) };
}
