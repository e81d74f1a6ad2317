import { toCase, toIdentifier } from '../case.ts';
import type { Editing } from './editing.ts';
import { stringLiteral } from '../literals.ts';
import type { SchemaObjectModel } from './model.ts';
import { startWithComments } from '../statement-removal.ts';
import type { SchemaFile } from '../source-file.ts';

interface MadeObject {
  readonly path: string;
  readonly variable: string;
}

/** The objects that this run has declared, so that two tables of a new schema share one. */
const made = new WeakMap<Editing, Map<string, MadeObject>>();

/**
 * The name by which a file has the pgSchema object of a Postgres schema: `billing` for `billing.table(…)`. Where the
 * project has none yet it is declared: behind its other schema objects, else in this very file above its tables.
 * For a file to be created, ask before its own text is appended.
 */
export function schemaObject(editing: Editing, schema: string, path: string): string {
  const existing = editing.model.schemas.find((object) => object.name === schema);
  if (existing !== undefined)
    return importObject(editing, path, { path: existing.file.path, variable: existing.variable });
  const known = made.get(editing)?.get(schema);
  if (known !== undefined) return importObject(editing, path, known);
  return importObject(editing, path, declareObject(editing, schema, path));
}

function importObject(editing: Editing, path: string, { path: from, variable }: MadeObject): string {
  return from === path ? variable : editing.needImport(path, { from: { path: from }, name: variable });
}

function declareObject(editing: Editing, schema: string, path: string): MadeObject {
  const like = editing.model.schemas.at(-1);
  const place = { path: like?.file.path ?? path, variable: variableFor(schema, like) };
  const { quote, semicolon, eol } = editing.style(place.path);
  const callee = editing.needImport(place.path, {
    from: { module: 'drizzle-orm/pg-core' },
    name: 'pgSchema',
  });
  const text = `export const ${place.variable} = ${callee}(${stringLiteral(schema, quote)})${semicolon}`;
  const file = editing.file(place.path);
  const at = like === undefined ? firstDeclaration(file) : undefined;
  if (like !== undefined)
    editing.edit(place.path, { start: like.statement.end, end: like.statement.end, text: eol + text });
  else if (at !== undefined) editing.edit(place.path, { start: at, end: at, text: text + eol + eol });
  else editing.append(place.path, text);
  editing.register(place.path, { values: [place.variable], types: [] });
  made.set(editing, (made.get(editing) ?? new Map<string, MadeObject>()).set(schema, place));
  return place;
}

/** `billingSchema`, or `billing` where the others are called so: a table or a column may well be named like a schema. */
function variableFor(schema: string, like: SchemaObjectModel | undefined): string {
  const name = toIdentifier(toCase(schema, 'camel'));
  const isBare = like !== undefined && !like.variable.endsWith('Schema');
  return isBare || /schema$/i.test(schema) ? name : `${name}Schema`;
}

/** The first statement that is no import: what is declared above it can be used by all of the file. */
function firstDeclaration(file: SchemaFile | undefined): number | undefined {
  const first = file?.ast.statements.find((statement) => !/^import\b/.test(statement.getText(file.ast)));
  return file && first && startWithComments(file.text, { start: first.getStart(file.ast), end: first.end });
}
