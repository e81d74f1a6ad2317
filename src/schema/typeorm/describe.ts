import type { ObjectName } from '../../plan/database-schema.ts';
import type { FileEdit } from '../../workspace/file-edit.ts';
import type { PropertyInSource, TableInSource } from '../edit-result.ts';
import { parseFile } from '../parse.ts';
import type { Run } from './context.ts';
import type { ColumnDraft, EntityDraft } from './draft.ts';
import type { ClassModel, MemberModel } from './model.ts';
import { classesIn } from './read.ts';

/** How the source, with its edits, has a table: the class of its entity, and the property and type of each column. */
export function describeEntity(
  name: ObjectName,
  run: Run,
  edits: readonly FileEdit[],
): TableInSource | undefined {
  const draft = run.drafts.find(name);
  if (draft === undefined) return undefined;
  const own = classAfter(draft, run, edits);
  const known = [own, ...ancestors(own, run)].filter((each) => each !== undefined);
  return {
    path: draft.path,
    variable: draft.exported,
    isDefaultExport: own?.isDefaultExport ?? false,
    properties: draft.columns
      .filter(({ isDropped }) => !isDropped)
      .map((column) => propertyOf(column, memberOf(known, column.property))),
  };
}

function classAfter(draft: EntityDraft, run: Run, edits: readonly FileEdit[]): ClassModel | undefined {
  const { input, sources } = run.editing;
  const text = edits.find(({ path }) => path === draft.path)?.after ?? sources.text(draft.path);
  if (text == null) return undefined;
  return classesIn(parseFile(draft.path, text, input.resolveImport)).find(
    ({ name }) => name === draft.exported,
  );
}

/** The classes that it extends, nearest first. */
function ancestors(own: ClassModel | undefined, run: Run): readonly ClassModel[] {
  const clause = own?.node.heritageClauses?.find(({ types }) => types.length > 0);
  const name = clause && own && clause.types[0]!.expression.getText(own.file.ast);
  const base = name === undefined || name === own?.name ? undefined : run.entities.classNamed(name);
  return base === undefined ? [] : [base, ...ancestors(base, run)];
}

function memberOf(classes: readonly ClassModel[], property: string): MemberModel | undefined {
  return classes.flatMap(({ members }) => members).find(({ name }) => name === property);
}

function propertyOf({ property, def }: ColumnDraft, member: MemberModel | undefined): PropertyInSource {
  const decorators = member?.decorators.map(({ name }) => name) ?? [];
  return {
    column: def.name,
    key: property,
    type: member?.type?.text,
    isNarrowed: false,
    hasDefault: decorators.some((name) =>
      /^(PrimaryGenerated|CreateDate|UpdateDate|Version)Column$/.test(name),
    ),
    isTouched: decorators.includes('UpdateDateColumn'),
  };
}
