import { nameValue, stringValue } from './literal.ts';
import type { StatementCursor } from './statement-cursor.ts';

export type VariableScope = 'global' | 'session' | 'persist' | 'persistOnly';

/** One assignment of SET. */
export type Assignment =
  | { readonly kind: 'user'; readonly name: string; readonly value: string }
  | {
      readonly kind: 'system';
      readonly scope: VariableScope;
      readonly name: string;
      /** Text of an expression; DEFAULT and bare words stand as they are. */
      readonly value: string;
    }
  /** SET NAMES, SET CHARACTER SET. Undefined: DEFAULT. */
  | { readonly kind: 'names'; readonly charset: string | undefined; readonly collation: string | undefined }
  /** SET TRANSACTION …: accepted, nothing follows from it. */
  | { readonly kind: 'transaction' };

export interface SetStatement {
  readonly kind: 'set';
  readonly assignments: readonly Assignment[];
}

/** A variable as the lexer cuts it: `@name`, `@@scope.name`. */
export function variableName(
  token: string,
):
  | { readonly kind: 'user'; readonly name: string }
  | { readonly kind: 'system'; readonly scope: VariableScope | undefined; readonly name: string } {
  if (!token.startsWith('@@')) return { kind: 'user', name: plainName(token.slice(1)).toLowerCase() };
  const name = token.slice(2).toLowerCase();
  const dot = name.indexOf('.');
  const scope = dot < 0 ? undefined : scopes[name.slice(0, dot)];
  if (scope === undefined) return { kind: 'system', scope: undefined, name: plainName(name) };
  return { kind: 'system', scope, name: plainName(name.slice(dot + 1)) };
}

const plainName = (text: string): string =>
  text.startsWith("'") || text.startsWith('"') ? stringValue(text) : nameValue(text);

const scopes: Readonly<Record<string, VariableScope | undefined>> = {
  global: 'global',
  session: 'session',
  local: 'session',
  persist: 'persist',
  persist_only: 'persistOnly',
};

/** Behind SET STATEMENT of MariaDB, up to FOR: variables of the session. */
export function readStatementSettings(cursor: StatementCursor): readonly Assignment[] {
  const assignments = cursor.list((): Assignment => {
    const name = cursor.name().toLowerCase();
    cursor.expectSymbol('=');
    return { kind: 'system', scope: 'session', name, value: cursor.expression('FOR') };
  });
  cursor.expect('FOR');
  return assignments;
}

/** Behind SET. */
export function readSet(cursor: StatementCursor): SetStatement {
  let scope: VariableScope = 'session';
  const assignments = cursor.list((): Assignment => {
    if (cursor.atVariable) return variable(cursor);
    const word = cursor.acceptOne('GLOBAL', 'SESSION', 'LOCAL', 'PERSIST', 'PERSIST_ONLY');
    // As with the servers, a scope holds until the next one is named.
    if (word !== undefined) scope = scopes[word.toLowerCase()]!;
    if (cursor.is('TRANSACTION')) {
      cursor.rest();
      return { kind: 'transaction' };
    }
    if (cursor.atVariable) return variable(cursor);
    if (cursor.is('NAMES')) {
      cursor.advance();
      return names(cursor);
    }
    if (cursor.is('CHARSET', 'CHARACTER')) {
      const at = cursor.start;
      if (cursor.acceptOne('CHARSET', 'CHARACTER') === 'CHARACTER') cursor.expect('SET');
      if (cursor.isSymbol('=')) throw cursor.fail(at);
      return names(cursor);
    }
    // `SET global.x` is a structured variable: its schema-like part is no scope here.
    let name = cursor.name().toLowerCase();
    if (cursor.acceptSymbol('.')) name = `${name}.${cursor.name().toLowerCase()}`;
    assign(cursor);
    return { kind: 'system', scope, name, value: cursor.expression() };
  });
  return { kind: 'set', assignments };
}

function variable(cursor: StatementCursor): Assignment {
  const named = variableName(cursor.lexer.text);
  cursor.advance();
  // The lexer cuts `@@global.`name`` behind the dot.
  if (named.kind === 'system' && named.name === '') throw cursor.fail();
  assign(cursor);
  const value = cursor.expression();
  if (named.kind === 'user') return { ...named, value };
  return { kind: 'system', scope: named.scope ?? 'session', name: named.name, value };
}

function assign(cursor: StatementCursor): void {
  cursor.acceptSymbol(':');
  cursor.expectSymbol('=');
}

function names(cursor: StatementCursor): Assignment {
  if (cursor.accept('DEFAULT')) return { kind: 'names', charset: undefined, collation: undefined };
  const charset = cursor.nameOrString().toLowerCase();
  const collation = cursor.accept('COLLATE') ? cursor.nameOrString().toLowerCase() : undefined;
  return { kind: 'names', charset, collation };
}
