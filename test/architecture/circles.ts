import { dirname, join } from 'node:path';
import ts from 'typescript';

/**
 * Circles of imports, types included, as `a.ts → b.ts → a.ts`: a file of a circle cannot be understood before the others of it.
 *
 * @param sources texts by path, which starts with `src/`
 */
export function circles(sources: ReadonlyMap<string, string>): string[] {
  const importsOf = (path: string): string[] =>
    ts
      .preProcessFile(sources.get(path)!)
      .importedFiles.map(({ fileName }) => join(dirname(path), fileName))
      .filter((other) => sources.has(other));
  const found: string[] = [];
  const done = new Set<string>();
  const way: string[] = [];
  const walk = (path: string): void => {
    const since = way.indexOf(path);
    if (since >= 0) found.push([...way.slice(since), path].join(' → '));
    if (since >= 0 || done.has(path)) return;
    way.push(path);
    importsOf(path).forEach(walk);
    way.pop();
    done.add(path);
  };
  [...sources.keys()].forEach(walk);
  return found;
}
