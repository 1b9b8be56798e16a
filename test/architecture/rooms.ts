import { dirname, join } from 'node:path';
import ts from 'typescript';

/** The rooms from the ground up: a room imports from lower floors only, and from nobody on its own. */
const FLOORS: readonly (readonly string[])[] = [
  ['errors'],
  ['bytes'],
  ['charset', 'gtid', 'zstd'],
  ['binlog', 'wire', 'sql'],
  ['guard', 'tls', 'options'],
  ['text', 'inspect'],
  ['connection', 'store'],
  ['replication', 'certificates'],
  ['library'],
  ['target'],
  ['relay'],
  ['web'],
  ['cli'],
];

/** Rooms that do no I/O: the same code serves a file, a socket, the relay and a worker. */
const PURE = new Set([
  'errors',
  'bytes',
  'charset',
  'gtid',
  'zstd',
  'binlog',
  'wire',
  'sql',
  'text',
  'guard',
  'inspect',
]);

const IO_MODULES =
  /^node:(fs|net|tls|http|https|http2|dgram|dns|child_process|worker_threads|cluster|os|tty|readline|repl|inspector|sqlite|process)(\/|$)/;

const GLOBALS_OF_CLI = new Set(['process', 'console']);

function floorOf(room: string): number {
  return FLOORS.findIndex((floor) => floor.includes(room));
}

/** `src/binlog/events/rotate.ts` → `binlog`; files directly in src are the library's door and belong to no room. */
function roomOf(path: string): string | undefined {
  const [, room, ...rest] = path.split('/');
  return rest.length > 0 ? room : undefined;
}

function checkImport(path: string, specifier: string): string | undefined {
  const room = roomOf(path);
  if (!specifier.startsWith('.')) {
    if (room !== undefined && PURE.has(room) && IO_MODULES.test(specifier))
      return `${room} does no I/O, yet imports ${specifier}`;
    if (room !== 'cli' && specifier === 'node:process') return 'only cli touches the process';
    return undefined;
  }
  const target = join(dirname(path), specifier);
  const other = roomOf(target);
  if (!target.startsWith('src/')) return `${specifier} leads out of src`;
  if (room !== undefined && other === undefined)
    return `${specifier} is the library's own door: import the room`;
  if (other === undefined || other === room) return undefined;
  if (room !== undefined && floorOf(other) >= floorOf(room))
    return `${room} may not import ${other}, which is not below it`;
  return target === `src/${other}/index.ts` ? undefined : `${specifier} goes past the door of ${other}`;
}

function specifierOf(node: ts.Node): string | undefined {
  const literal = (expression: ts.Node | undefined): string | undefined =>
    expression !== undefined && ts.isStringLiteralLike(expression) ? expression.text : undefined;
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return literal(node.moduleSpecifier);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return literal(node.argument.literal);
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
    return literal(node.arguments[0]);
  return undefined;
}

/** True for the global itself, not for a property, a parameter's label or a key of that name. */
function isGlobal(node: ts.Node): node is ts.Identifier {
  if (!ts.isIdentifier(node) || !GLOBALS_OF_CLI.has(node.text)) return false;
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  return ts.isExpression(parent) || ts.isVariableDeclaration(parent) || ts.isTypeQueryNode(parent);
}

/** What a source file does against the plan of the house, one line each. `path` starts with `src/`. */
export function violations(path: string, text: string): string[] {
  const room = roomOf(path);
  const found: string[] = [];
  if (room !== undefined && floorOf(room) === -1) found.push(`${path}: room ${room} is not in the plan`);
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node);
    const problem =
      specifier !== undefined
        ? checkImport(path, specifier)
        : room !== 'cli' && isGlobal(node)
          ? `only cli touches ${node.text}`
          : undefined;
    if (problem !== undefined) found.push(`${path}: ${problem}`);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true));
  return found;
}
