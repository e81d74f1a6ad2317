import type { Node } from 'libpg-query';
import {
  type BroughtKind,
  EQUAL_IN_GIST,
  extensionOf,
  mentionsExtension,
  withNeeded,
} from '../postgres/known-extensions.ts';
import { strings } from '../postgres/nodes.ts';
import { parseScript } from '../postgres/parse-script.ts';

/** An extension that scripts take for granted: they use it, and none of them creates it. */
export interface AssumedExtension {
  readonly name: string;
  /** What of it they use. */
  readonly uses: string;
  /** Where it is, as they qualify it; undefined for the usual place. */
  readonly schema: string | undefined;
}

/** What is said of an extension that was created for a history. */
export function assumedNote(name: string, uses?: string): string {
  const what = uses === undefined || uses === name ? 'which uses it' : `which uses ${uses}`;
  return `The extension ${name} was created before the history, ${what} and does not create it. Every database needs it beforehand.`;
}

interface Use {
  readonly kind: BroughtKind;
  readonly name: string;
  readonly schema: string | undefined;
}

/**
 * Extensions without which scripts cannot run, and which no script creates: a Docker image, a provider or the ORM makes
 * them. What a script creates under such a name itself (a type `cube`, a function `digest`) is no extension's. Needs the
 * SQL parser where a known name stands in a script.
 *
 * @example assumedExtensions(['CREATE TABLE a (b vector(3));']) // [{ name: 'vector', uses: 'vector', … }]
 */
export function assumedExtensions(scripts: readonly string[]): AssumedExtension[] {
  const suspects = scripts.filter(mentionsExtension);
  if (suspects.length === 0) return [];
  const found = new Map<string, AssumedExtension>();
  const own = new Set<string>();
  const created = new Set<string>();
  for (const { node } of scripts
    .filter((sql) => mentionsExtension(sql) || CREATES.test(sql))
    .flatMap(parseScript)) {
    if (!node) continue;
    if ('CreateExtensionStmt' in node) created.add(node.CreateExtensionStmt.extname ?? '');
    for (const name of ownNames(node)) own.add(name);
    for (const { kind, name, schema } of usesIn(node)) {
      const extension = own.has(name) ? undefined : extensionOf(kind, name);
      if (extension === undefined || created.has(extension)) continue;
      const known = found.get(extension);
      // What is used without a schema too has to be found without it.
      if (!known || known.schema !== schema)
        found.set(extension, {
          name: extension,
          uses: known?.uses ?? name,
          schema: known ? undefined : schema,
        });
    }
  }
  return [...found.values()]
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((extension) => withNeeded(extension.name).map((name) => ({ ...extension, name })));
}

const CREATES = /\bcreate\s+(?:or\s+replace\s+)?(?:extension|type|domain|function)\b/i;

/** Names of types and functions that a statement creates. */
function ownNames(node: Node): string[] {
  if ('CompositeTypeStmt' in node) return [node.CompositeTypeStmt.typevar?.relname ?? ''];
  if ('CreateEnumStmt' in node) return strings(node.CreateEnumStmt.typeName).slice(-1);
  if ('CreateDomainStmt' in node) return strings(node.CreateDomainStmt.domainname).slice(-1);
  if ('CreateRangeStmt' in node) return strings(node.CreateRangeStmt.typeName).slice(-1);
  if ('CreateFunctionStmt' in node) return strings(node.CreateFunctionStmt.funcname).slice(-1);
  if ('DefineStmt' in node) return strings(node.DefineStmt.defnames).slice(-1);
  return 'CreateStmt' in node ? [node.CreateStmt.relation?.relname ?? ''] : [];
}

/** Every type, function, operator class and access method that stands in a piece of a syntax tree. */
function usesIn(piece: unknown): Use[] {
  if (typeof piece !== 'object' || piece === null) return [];
  if (Array.isArray(piece)) return piece.flatMap(usesIn);
  return Object.entries(piece).flatMap(([key, value]) => [
    ...(USED[key]?.(value as Record<string, unknown>) ?? []),
    ...usesIn(value),
  ]);
}

const USED: Readonly<Record<string, (value: Record<string, unknown>) => readonly Use[]>> = {
  TypeName: ({ names }) => named('type', names),
  // Of a column the parser gives it without its tag.
  typeName: ({ names }) => named('type', names),
  FuncCall: ({ funcname }) => named('function', funcname),
  IndexElem: ({ opclass }) => named('index', opclass),
  IndexStmt: ({ accessMethod }) => [{ kind: 'index', name: String(accessMethod ?? ''), schema: undefined }],
  Constraint: ({ access_method: method, exclusions }) =>
    method === 'gist' && JSON.stringify(exclusions).includes('{"sval":"="}')
      ? [{ kind: 'index', name: EQUAL_IN_GIST, schema: undefined }]
      : [],
};

function named(kind: BroughtKind, list: unknown): Use[] {
  if (!Array.isArray(list)) return [];
  const parts = strings(list as Node[]);
  const schema = parts.at(-2);
  const isUsual = schema === undefined || schema === 'public' || schema === 'pg_catalog';
  return [{ kind, name: parts.at(-1) ?? '', schema: isUsual ? undefined : schema }];
}
