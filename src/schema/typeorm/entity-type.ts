import { ts } from '../compiler.cjs';
import { parseType } from '../../postgres/sql.ts';
import { spanOf } from '../parse.ts';
import type { SchemaFile, Span } from '../source-file.ts';
import { typeParts } from './column-spec.ts';
import { type House, type Run, specContext } from './context.ts';
import type { ColumnDraft, EntityDraft } from './draft.ts';
import { behindMember } from './member-edit.ts';
import type { SchemaObjectModel } from './model.ts';

/** The interface, class or type literal that an EntitySchema is of. */
interface EntityType {
  readonly file: SchemaFile;
  readonly members: readonly TypeMember[];
}

interface TypeMember extends Span {
  readonly name: string;
  readonly nameSpan: Span;
  readonly type: Span | undefined;
}

/** Keeps the type of an EntitySchema in step with its columns and relations. */
export function editEntityType(run: Run, house: House, draft: EntityDraft, source: SchemaObjectModel): void {
  const type = source.typeName === undefined ? undefined : findType(run, source, source.typeName);
  if (type === undefined) return;
  const { path, text } = type.file;
  const member = (name: string | undefined) => type.members.find((each) => each.name === name);
  const gone = [
    ...draft.columns
      .filter(({ isDropped, column }) => isDropped && column !== undefined)
      .map(({ column }) => column!.property),
    ...draft.relations
      .filter(({ isDropped, relation }) => isDropped && relation !== undefined)
      .map(({ relation }) => relation!.property),
  ];
  for (const name of new Set(gone)) {
    const found = member(name);
    if (found === undefined) continue;
    const start = text.lastIndexOf('\n', found.start - 1) + 1;
    const newline = text.indexOf('\n', found.end);
    run.editing.edit(path, { start, end: newline === -1 ? text.length : newline + 1, text: '' });
  }
  for (const column of draft.columns) {
    const found = member(column.column?.property);
    if (found === undefined || column.isDropped) continue;
    if (column.property !== found.name) run.editing.edit(path, { ...found.nameSpan, text: column.property });
    if (found.type !== undefined && isRetyped(column))
      run.editing.edit(path, { ...found.type, text: propertyType(run, house, draft, column, path) });
  }
  const kept = type.members.filter(({ name }) => !gone.includes(name));
  addMembers(run, house, draft, { ...type, members: kept });
}

function isRetyped({ before, def }: ColumnDraft): boolean {
  return before.type !== def.type || before.notNull !== def.notNull;
}

function addMembers(run: Run, house: House, draft: EntityDraft, { file, members }: EntityType): void {
  const { eol, semicolon } = house.style;
  const last = members.at(-1);
  if (last === undefined) return;
  const start = file.text.lastIndexOf('\n', last.start - 1) + 1;
  const indent = file.text.slice(start, last.start);
  const lines = newProperties(run, house, draft, file.path).map(
    ([name, type]) => `${indent}${name}: ${type}${semicolon}`,
  );
  if (lines.length === 0 || indent.trim() !== '') return;
  const at = behindMember(file, last);
  run.editing.edit(file.path, { start: at, end: at, text: lines.map((line) => eol + line).join('') });
}

/** Names and types of what is new: columns, then relations. */
export function newProperties(
  run: Run,
  house: House,
  draft: EntityDraft,
  path: string,
): readonly (readonly [name: string, type: string])[] {
  const columns = draft.columns
    .filter(({ column, isDropped, isInherited }) => column === undefined && !isDropped && !isInherited)
    .map((column) => [column.property, propertyType(run, house, draft, column, path)] as const);
  const relations = draft.relations
    .filter(({ relation, isDropped }) => relation === undefined && !isDropped)
    .flatMap(({ property, foreignKey, columns: keys }) => {
      const target = foreignKey && run.drafts.find(foreignKey.references);
      const name =
        target?.source?.kind === 'schema'
          ? target.source.typeName
          : (target?.schema?.typeName ?? target?.exported);
      if (target === undefined || name === undefined) return [];
      const local =
        target.path === path
          ? name
          : run.editing.needImport(path, { from: { path: target.path }, name, isType: true });
      return [[property, keys.some(({ def }) => !def.notNull) ? `${local} | null` : local] as const];
    });
  return [...columns, ...relations];
}

function propertyType(
  run: Run,
  house: House,
  draft: EntityDraft,
  { def }: ColumnDraft,
  path: string,
): string {
  const context = specContext(run, house, { ...draft, path }, { isPrimary: false });
  const { property } = typeParts(def, parseType(def.type), context);
  return def.notNull || draft.primaryKey?.columns.includes(def.name) === true
    ? property
    : `${property} | null`;
}

function findType(run: Run, source: SchemaObjectModel, name: string): EntityType | undefined {
  const files = [source.file, ...run.editing.sources.filesWith(name)];
  for (const file of files) {
    const found = file.ast.statements.flatMap((statement) => membersOf(statement, name, file))[0];
    if (found !== undefined) return { file, members: found };
  }
  return undefined;
}

function membersOf(statement: ts.Statement, name: string, { ast }: SchemaFile): (readonly TypeMember[])[] {
  const read = (members: readonly (ts.TypeElement | ts.ClassElement)[]) =>
    members.flatMap((member): TypeMember[] => {
      if (!ts.isPropertySignature(member) && !ts.isPropertyDeclaration(member)) return [];
      return [
        {
          ...spanOf(member, ast),
          name: member.name.getText(ast),
          nameSpan: spanOf(member.name, ast),
          type: member.type && spanOf(member.type, ast),
        },
      ];
    });
  if (ts.isInterfaceDeclaration(statement) || ts.isClassDeclaration(statement))
    return statement.name?.text === name ? [read([...statement.members])] : [];
  const isType = ts.isTypeAliasDeclaration(statement) && statement.name.text === name;
  return isType && ts.isTypeLiteralNode(statement.type) ? [read([...statement.type.members])] : [];
}
