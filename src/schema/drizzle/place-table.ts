import { TableplanError } from '../../errors.ts';
import type { Change } from '../../plan/change.ts';
import { displayName } from '../../plan/database-schema.ts';
import { toCase, toIdentifier } from '../case.ts';
import { baseOf, domainFolders, formsOf, type NamedFile, pathLike, templatesOf } from '../path-template.ts';
import type { TablePlace } from './change-context.ts';
import type { EditInput } from './editing.ts';
import type { SchemaModel, TableModel } from './model.ts';
import { isGenerated } from './generated-file.ts';
import { reachesFile } from './reaches-file.ts';
import { type Sources, tablesIn } from './sources.ts';
import { directoryOf } from '../specifier.ts';
import { spread } from '../spread.ts';
import { mapName, singularName } from '../word-names.ts';

type CreateTable = Extract<Change, { kind: 'create-table' }>;

interface Known {
  readonly path: string;
  readonly tables: readonly TableModel[];
}

/** So many files show where tables live. */
const ENOUGH = 60;

/**
 * Decides in which file a new table is written and what its variable is called, after the tables that exist:
 * into the one file that has them all, or into a file of its own that is named and placed as theirs are.
 */
export function placeTable(
  change: CreateTable,
  around: { input: EditInput; model: SchemaModel; sources: Sources },
): TablePlace {
  const { input, model, sources } = around;
  const paths = sources.paths.filter((path) => sources.isSchemaFile(path));
  const known = spread(paths, ENOUGH)
    .map((path) => ({ path, tables: tablesIn(sources.file(path)!, model, sources) }))
    .filter(({ tables }) => tables.length > 0);
  const all = known.flatMap(({ tables }) => tables);
  const bare = bareName(change.table.name, all);
  const layout = { known, input, sources, related: relatedPaths(change, all) };
  return {
    path: withoutCycle(pathFor(change, bare, layout), layout),
    variable: variableFor(bare, all, change),
  };
}

/** The name without what the project's creator puts around it. */
function bareName(name: string, tables: readonly TableModel[]): string {
  const creators = tables.flatMap(({ factory }) => (factory.kind === 'creator' ? [factory.creator] : []));
  const creator = creators.find((each) => name.startsWith(each.prefix) && name.endsWith(each.suffix));
  return creator === undefined
    ? name
    : name.slice(creator.prefix.length, name.length - creator.suffix.length || undefined);
}

/** What schema files import from drizzle-orm under these names: a table called so would hide it. */
const DRIZZLE_NAMES = new Set(
  'bigint bigserial bit boolean char check cidr customType date doublePrecision foreignKey geometry halfvec index inet integer interval json jsonb line macaddr macaddr8 numeric point primaryKey real relations serial smallint smallserial sparsevec sql text time timestamp unique uniqueIndex uuid varchar vector'.split(
    ' ',
  ),
);

/** As the neighbours' variables stand to their tables: `products`, `productsTable`, `product`, `Product`. */
function variableFor(bare: string, tables: readonly TableModel[], change: CreateTable): string {
  const votes = new Map<string, number>();
  for (const table of tables) {
    const from = toCase(literalName(table), 'camel');
    const variable =
      table.variable === from
        ? toCase(bare, 'camel')
        : mapName(table.variable, { from, to: toCase(bare, 'camel') });
    if (variable !== undefined && variable !== table.variable)
      votes.set(variable, (votes.get(variable) ?? 0) + 1);
  }
  const [best] = [...votes].toSorted((a, b) => b[1] - a[1])[0] ?? [toCase(bare, 'camel')];
  const variable = toIdentifier(best);
  const isTaken = tables.some((table) => table.variable === variable);
  if (DRIZZLE_NAMES.has(variable)) return `${variable}Table`;
  if (!isTaken) return variable;
  const qualified =
    change.table.schema === 'public'
      ? `${variable}Table`
      : toIdentifier(toCase(`${change.table.schema}_${bare}`, 'camel'));
  return qualified;
}

function literalName(table: TableModel): string {
  const { factory, name } = table;
  if (factory.kind !== 'creator') return name;
  return name.slice(factory.creator.prefix.length, name.length - factory.creator.suffix.length || undefined);
}

/** The files of the tables that a new one refers to. */
function relatedPaths({ table }: CreateTable, tables: readonly TableModel[]): string[] {
  return table.foreignKeys.flatMap(({ references }) =>
    tables
      .filter(({ name, schema }) => name === references.name && schema === references.schema)
      .map(({ file }) => file.path),
  );
}

/** A file that one of the related ones imports would import it back: then the related file is the place. */
function withoutCycle(path: string, { related, sources, input }: Layout): string {
  if (sources.text(path) === undefined || related.includes(path)) return path;
  const importing = related.find((from) => reachesFile(from, path, { sources, input }));
  return importing === undefined || isGenerated(importing, sources) ? path : importing;
}

interface Layout {
  /** Where the tables are that the new one refers to. */
  readonly related: readonly string[];
  readonly known: readonly Known[];
  readonly input: EditInput;
  readonly sources: Sources;
}

function pathFor(change: CreateTable, bare: string, layout: Layout): string {
  const { input, sources, related } = layout;
  // What a tool writes, it writes again: nothing of others stays in it.
  const written = layout.known.filter(({ path }) => !isGenerated(path, sources));
  const known = written.length > 0 ? written : layout.known;
  if (known.length === 0) return firstPath(bare, input, sources);
  const single = known.filter(({ tables }) => tables.length === 1);
  const named = known.filter((each) => templatesOf(namedFile(each)).length > 0);
  const hasOwnFiles =
    known.length === 1 ? single.length === 1 && named.length === 1 : named.length * 2 >= known.length;
  return hasOwnFiles
    ? pathLike(known.map(namedFile), { name: bare, domain: change.domain, related })!
    : sharedFile(change, bare, { ...layout, known });
}

function namedFile({ path, tables }: Known): NamedFile {
  return { path, names: tables.map(literalName) };
}

/** Files that hold several tables each: the domain's own one, else the one that has nearly all, else a new one beside them. */
function sharedFile(change: CreateTable, bare: string, { known, input, related }: Layout): string {
  const wanted = [change.domain, bare].filter((name) => name !== undefined).flatMap(formsOf);
  const folders = domainFolders(known.map(({ path }) => directoryOf(path)));
  const folder = folders?.all.find((_, index) => wanted.includes(folders.names[index]!));
  const domain =
    known.find(({ path }) => wanted.includes(stemOf(path))) ??
    known.find(({ path }) => directoryOf(path) === folder);
  if (domain !== undefined) return domain.path;
  const schema = known.filter(({ tables }) => tables.some((table) => table.schema === change.table.schema));
  const pool = schema.length > 0 ? schema : known;
  const biggest = pool.toSorted((a, b) => b.tables.length - a.tables.length)[0]!;
  // Files of other Postgres schemas are no choice, however much they hold.
  const others = pool.reduce((sum, { tables }) => sum + tables.length, 0) - biggest.tables.length;
  const beside =
    change.domain === undefined
      ? related.find((path) => path !== biggest.path && pool.some((each) => each.path === path))
      : undefined;
  const isEntry = input.entries.includes(biggest.path) && beside === undefined;
  if (biggest.tables.length > (isEntry ? 1 : 2) * others) return biggest.path;
  if (beside !== undefined) return beside;
  if (folders !== undefined)
    return `${folders.of(change.domain ?? bare)}/${fileInDomain(known, change.domain ?? bare)}`;
  const suffix = suffixOf(biggest.path);
  return `${directoryOf(biggest.path)}/${toCase(change.domain ?? bare, 'kebab')}${suffix}`;
}

/** `schema.ts`, or named after the domain where its neighbours are: `accounts.schema.ts` in accounts. */
function fileInDomain(known: readonly Known[], domain: string): string {
  const files = known.map(({ path }) => ({
    path,
    names: path
      .split('/')
      .slice(0, -1)
      .filter((part) => formsOf(part).includes(stemOf(path)))
      .slice(-1),
  }));
  const base = baseOf(pathLike(files, { name: domain, domain: undefined }) ?? known[0]!.path);
  return base;
}

function stemOf(path: string): string {
  return baseOf(path).replace(/\..*$/, '');
}

function suffixOf(path: string): string {
  const base = baseOf(path);
  return base.slice(base.indexOf('.'));
}

const USUAL_FOLDERS = [
  'src/db/schema',
  'src/db',
  'src/schema',
  'src/drizzle/schema',
  'src/drizzle',
  'src/server/db',
  'src/lib/db',
  'db/schema',
  'db',
  'drizzle/schema',
  'lib/db',
  'schema',
  'src',
  'app/db',
];

/** The first table of a project: in the schema file that is there, beside the barrel, or where drizzle-kit's glob looks. */
function firstPath(bare: string, input: EditInput, sources: Sources): string {
  const [entry] = input.entries;
  const file = `${toCase(singularName(bare), 'kebab')}.schema.ts`;
  if (entry !== undefined && sources.text(entry) === undefined) return entry;
  if (entry !== undefined && !input.globMatches(`${directoryOf(entry)}/${file}`))
    return `${directoryOf(entry)}/${file}`;
  const folders = [
    ...input.entries.map(directoryOf),
    ...USUAL_FOLDERS.map((folder) => `${input.root}/${folder}`),
  ];
  const names = [
    file,
    `${toCase(bare, 'kebab')}.ts`,
    'schema.ts',
    `${toCase(bare, 'kebab')}.schema.ts`,
    `${toCase(bare, 'kebab')}.table.ts`,
    `${toCase(bare, 'kebab')}.sql.ts`,
    'index.ts',
  ];
  const found = folders
    .flatMap((folder) => names.map((name) => `${folder}/${name}`))
    .find((path) => input.globMatches(path));
  if (found !== undefined) return found;
  throw new TableplanError(
    'schema-not-editable',
    `there is no place for the table ${displayName({ schema: 'public', name: bare })}: drizzle-kit loads no file yet`,
    {
      hint: 'Create the file that `schema` in the drizzle config names (an empty one will do) and run again.',
    },
  );
}
