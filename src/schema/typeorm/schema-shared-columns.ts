import { ts } from '../compiler.cjs';
import { freeNames } from '../free-names.ts';
import { namesOfFile } from '../names-of-file.ts';
import type { SchemaFile } from '../source-file.ts';
import type { EntityModel } from '../../orm/typeorm/model.ts';
import { type ColumnDef, findTable, type TableDef } from '../../plan/database-schema.ts';
import { sameExpression } from '../../postgres/expression.ts';
import { sameType } from '../../postgres/sql.ts';
import type { Run } from './context.ts';
import type { ColumnDraft, EntityDraft } from './draft.ts';
import type { SchemaObjectModel } from './model.ts';
import { entityFilesNear } from './neighbours.ts';
import { schemaObjectsIn } from './read.ts';

/** What most EntitySchema objects around write by something that they share, and a new one has too. */
export interface SharedSchemaColumns {
  /** `...BaseColumns`, and the columns that it gives. */
  readonly spreads: readonly { readonly text: string; readonly columns: ReadonlySet<ColumnDraft> }[];
  /** `KeyColumn`, `{ type: 'timestamptz', createDate: true }`: the value of the others for this column. */
  readonly values: ReadonlyMap<ColumnDraft, string>;
}

interface Neighbour {
  readonly source: SchemaObjectModel;
  readonly entity: EntityModel;
  readonly def: TableDef;
  readonly columns: ts.ObjectLiteralExpression;
}

/** So many show a convention. */
const ENOUGH = 12;

/**
 * Finds what a new EntitySchema shares with most others around: objects that are spread into their columns, and values of
 * a column of the same name. They are used where the database gets exactly the column that the plan asks for; properties
 * of the draft become theirs, and imports are asked for.
 */
export function sharedSchemaColumns(run: Run, draft: EntityDraft): SharedSchemaColumns {
  const known = neighboursOf(run, draft);
  const spreads = spreadsOf(run, draft, known);
  const values = new Map<ColumnDraft, string>();
  for (const column of draft.columns) {
    if (spreads.some(({ columns }) => columns.has(column))) continue;
    const value = sharedValue(run, draft, column, known);
    if (value !== undefined) values.set(column, value);
  }
  return { spreads, values };
}

function neighboursOf({ editing, entities }: Run, draft: EntityDraft): readonly Neighbour[] {
  const found: Neighbour[] = [];
  for (const path of entityFilesNear(draft.path, editing.sources)) {
    if (found.length >= ENOUGH) break;
    for (const source of schemaObjectsIn(editing.sources.file(path)!)) {
      const entity = entities.all.find(({ form, name }) => form === 'schema' && name === source.name);
      const def = entity && findTable(editing.input.before, entity.table);
      const columns = columnsOf(source);
      if (entity && def && columns) found.push({ source, entity, def, columns });
    }
  }
  return found;
}

function columnsOf({ options }: SchemaObjectModel): ts.ObjectLiteralExpression | undefined {
  const property = options.properties.find(
    (each): each is ts.PropertyAssignment =>
      ts.isPropertyAssignment(each) && ts.isIdentifier(each.name) && each.name.text === 'columns',
  );
  return property && ts.isObjectLiteralExpression(property.initializer) ? property.initializer : undefined;
}

function spreadsOf(
  run: Run,
  draft: EntityDraft,
  known: readonly Neighbour[],
): SharedSchemaColumns['spreads'] {
  const having = new Map<string, { neighbour: Neighbour; node: ts.Expression }[]>();
  for (const neighbour of known)
    for (const property of neighbour.columns.properties) {
      if (!ts.isSpreadAssignment(property)) continue;
      const text = textOf(property.expression, neighbour.source.file);
      having.set(text, [...(having.get(text) ?? []), { neighbour, node: property.expression }]);
    }
  const taken = new Set<ColumnDraft>();
  return [...having].flatMap(([text, users]) => {
    const [first] = users;
    if (first === undefined || users.length * 2 < known.length) return [];
    const properties = propertiesOf(first.node, first.neighbour.source.file, run) ?? [];
    const columns = properties.map((property) => {
      const name = first.neighbour.entity.columns.find((each) => each.property === property)?.column;
      const column = draft.columns.find(({ def }) => def.name === name);
      return column && !taken.has(column) && isAlike(draft, column, first.neighbour) ? column : undefined;
    });
    if (columns.length === 0 || !columns.every((column) => column !== undefined)) return [];
    if (!useNames(run, draft, first.node, first.neighbour.source.file)) return [];
    for (const [at, column] of columns.entries()) {
      column.property = properties[at]!;
      taken.add(column);
    }
    return [{ text: `...${text}`, columns: new Set(columns) }];
  });
}

/** The keys of an object that a name stands for, in its file or where that imports it from. */
function propertiesOf(node: ts.Expression, file: SchemaFile, run: Run): readonly string[] | undefined {
  const value = unwrapped(node);
  if (ts.isIdentifier(value)) {
    const own = constantOf(value.text, file);
    if (own) return propertiesOf(own, file, run);
    for (const line of file.imports) {
      const item = line.names?.items.find(({ alias }) => alias === value.text);
      const other = item && line.path !== undefined ? run.editing.sources.file(line.path) : undefined;
      const found = item && other && constantOf(item.name, other);
      if (other && found) return propertiesOf(found, other, run);
    }
    return undefined;
  }
  if (!ts.isObjectLiteralExpression(value)) return undefined;
  const keys = value.properties.map((property) => {
    if (ts.isSpreadAssignment(property)) return propertiesOf(property.expression, file, run);
    const { name } = property;
    return name && (ts.isIdentifier(name) || ts.isStringLiteralLike(name)) ? [name.text] : undefined;
  });
  return keys.every((key) => key !== undefined) ? keys.flat() : undefined;
}

/** Without `as const` and `satisfies …`. */
function unwrapped(node: ts.Expression): ts.Expression {
  const isWrapped =
    ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isParenthesizedExpression(node);
  return isWrapped ? unwrapped(node.expression) : node;
}

function constantOf(name: string, { ast }: SchemaFile): ts.Expression | undefined {
  const declarations = ast.statements
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => [...declarationList.declarations]);
  return declarations.find((each) => ts.isIdentifier(each.name) && each.name.text === name)?.initializer;
}

function sharedValue(
  run: Run,
  draft: EntityDraft,
  column: ColumnDraft,
  known: readonly Neighbour[],
): string | undefined {
  const written = known.flatMap((neighbour) => {
    const property = neighbour.entity.columns.find((each) => each.column === column.def.name)?.property;
    const found = neighbour.columns.properties.find(
      (each): each is ts.PropertyAssignment =>
        ts.isPropertyAssignment(each) &&
        (ts.isIdentifier(each.name) || ts.isStringLiteralLike(each.name)) &&
        each.name.text === property,
    );
    if (property === undefined || found === undefined) return [];
    const text = textOf(found.initializer, neighbour.source.file);
    return [{ text, property, node: found.initializer, neighbour }];
  });
  const [most] = written.toSorted((a, b) => count(written, b.text) - count(written, a.text));
  if (most === undefined || most.text.includes('\n')) return undefined;
  if (written.length < 2 || count(written, most.text) * 2 <= written.length) return undefined;
  if (!isAlike(draft, column, most.neighbour)) return undefined;
  if (!useNames(run, draft, most.node, most.neighbour.source.file)) return undefined;
  column.property = most.property;
  return most.text;
}

function count(written: readonly { readonly text: string }[], text: string): number {
  return written.filter((each) => each.text === text).length;
}

/** Whether the neighbour's table has such a column as the plan asks for, with nothing more to be said of it. */
function isAlike(draft: EntityDraft, { def }: ColumnDraft, { def: table }: Neighbour): boolean {
  const other = table.columns.find(({ name }) => name === def.name);
  const isOnly = (columns: readonly string[] | undefined) => columns?.length === 1 && columns[0] === def.name;
  const isUnique =
    draft.addedUniques.some(({ columns }) => isOnly(columns.map((each) => each.def.name))) ||
    table.uniques.some(({ columns }) => isOnly(columns));
  return (
    other !== undefined &&
    !isUnique &&
    isOnly(draft.primaryKey?.columns) === isOnly(table.primaryKey?.columns) &&
    sameColumn(def, other)
  );
}

function sameColumn(a: ColumnDef, b: ColumnDef): boolean {
  const isSameDefault =
    a.default === undefined || b.default === undefined
      ? a.default === b.default
      : sameExpression(a.default, b.default);
  return sameType(a.type, b.type) && a.notNull === b.notNull && isSameDefault && a.generated === b.generated;
}

function useNames({ editing }: Run, { path }: EntityDraft, node: ts.Node, file: SchemaFile): boolean {
  const requests = namesOfFile(freeNames(node), file, path);
  for (const request of requests ?? []) editing.needImport(path, request);
  return requests !== undefined;
}

function textOf(node: ts.Node, { text, ast }: SchemaFile): string {
  return text.slice(node.getStart(ast), node.end);
}
