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
      .map((column) => propertyOf(column, memberOf(known, column.property), own)),
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

const ROLES = {
  CreateDateColumn: 'created',
  UpdateDateColumn: 'updated',
  DeleteDateColumn: 'deleted',
  VersionColumn: 'version',
} as const;

function propertyOf(
  { property, def }: ColumnDraft,
  member: MemberModel | undefined,
  own: ClassModel | undefined,
): PropertyInSource {
  const decorators = member?.decorators.map(({ name }) => name) ?? [];
  return {
    column: def.name,
    key: property,
    type: member?.type && `${member.type.text}${member.mark === '?' ? ' | undefined' : ''}`,
    isNarrowed: false,
    hasDefault: decorators.some((name) =>
      /^(PrimaryGenerated|CreateDate|UpdateDate|Version)Column$/.test(name),
    ),
    isTouched: decorators.includes('UpdateDateColumn'),
    role: Object.entries(ROLES).find(([name]) => decorators.includes(name))?.[1],
    isHidden: isHidden(member, own),
  };
}

/** `@Exclude()` of class-transformer, on the property or, without `@Expose()`, on the class; `select: false`. */
function isHidden(member: MemberModel | undefined, own: ClassModel | undefined): boolean {
  const has = (model: MemberModel | ClassModel | undefined, decorator: string): boolean =>
    model?.decorators.some(({ name }) => name === decorator) ?? false;
  const isUnselected =
    member?.decorators.some(({ isTypeorm, text }) => isTypeorm && /\bselect:\s*false\b/.test(text)) ?? false;
  return isUnselected || has(member, 'Exclude') || (has(own, 'Exclude') && !has(member, 'Expose'));
}
