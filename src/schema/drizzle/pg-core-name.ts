import { ts } from '../compiler.cjs';
import type { SchemaFile } from '../source-file.ts';

interface CoreNames {
  /** pg-core's names by the file's own. */
  readonly named: ReadonlyMap<string, string>;
  readonly namespaces: ReadonlySet<string>;
}

const known = new WeakMap<SchemaFile, CoreNames>();

/** The pg-core name behind a callee: `pgTable` for `pgTable`, `t.pgTable` and `import { pgTable as table }`. */
export function pgCoreName(callee: ts.Expression, file: SchemaFile): string | undefined {
  const { named, namespaces } = coreNames(file);
  if (ts.isIdentifier(callee)) return named.get(callee.text);
  if (!ts.isPropertyAccessExpression(callee) || !ts.isIdentifier(callee.expression)) return undefined;
  return namespaces.has(callee.expression.text) ? callee.name.text : undefined;
}

function coreNames(file: SchemaFile): CoreNames {
  const before = known.get(file);
  if (before !== undefined) return before;
  const imports = file.imports.filter((each) => each.module === 'drizzle-orm/pg-core');
  const items = imports.flatMap((each) => each.names?.items ?? []);
  const names = {
    named: new Map(items.map((item) => [item.alias, item.name])),
    namespaces: new Set(imports.flatMap((each) => each.namespace ?? [])),
  };
  known.set(file, names);
  return names;
}
