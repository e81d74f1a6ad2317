import type { Change } from '../../plan/change.ts';
import type { ColumnDef } from '../../plan/database-schema.ts';
import { listed } from '../../plan/suggest.ts';
import { sameType } from '../../postgres/sql.ts';
import { stringLiteral } from '../literals.ts';
import { checkText, indexText, uniqueText } from './constraint-text.ts';
import { baseFor } from './base-class.ts';
import { importNames } from './copied-names.ts';
import type { CodeStyle, Run } from './context.ts';
import type { ColumnDraft, EntityDraft } from './draft.ts';
import { inverseMembersOf } from './inverse.ts';
import { propertyCase, propertyFor, snake } from './conventions.ts';
import { callText, memberLines } from './member-text.ts';
import type { Option } from './column-spec.ts';
import type { ClassModel, DecoratorModel } from './model.ts';
import { columnUnique, newMembers } from './new-members.ts';
import { optionOf } from './options.ts';
import { placeEntity } from './place-entity.ts';
import { decoratorNamed } from './read.ts';
import { columnsOf, type Sample, samplesNear } from './samples.ts';
import { argumentsOf } from './snippet.ts';
import { majority } from './vote.ts';
import { refuseNulls } from './constraint-edit.ts';
import { sharedHooks } from './shared-members.ts';
import { schemaNamesFor } from './write-new-schema.ts';
import { writtenTable } from './written-table.ts';

type CreateTable = Extract<Change, { kind: 'create-table' }>;

/** The draft of a new table: its place and class, its base, its columns. */
export function draftNew(
  change: CreateTable,
  { editing, entities }: Pick<Run, 'editing' | 'entities'>,
): EntityDraft {
  const { table } = change;
  const place = placeEntity(change, editing, entities);
  const samples = samplesNear(place.path, editing, entities);
  const schema = schemaNamesFor(place.exported, table.name, entities);
  const base =
    schema === undefined
      ? baseFor(table, place.exported, { samples, classNamed: entities.classNamed })
      : undefined;
  const wordCase = propertyCase(schema === undefined ? samples.map(({ entity }) => entity) : entities.all);
  const inherited = new Map((base?.columns ?? []).map((column) => [column.column, column.property]));
  const columns = table.columns.map((def): ColumnDraft => {
    const property = inherited.get(def.name);
    if (property !== undefined)
      tellInherited({ editing, entities }, base!.name, def, samples[0]?.entity.table.name);
    return {
      column: undefined,
      property: property ?? propertyFor(def.name, wordCase),
      def,
      before: def,
      isInherited: property !== undefined,
      isDropped: false,
    };
  });
  return {
    name: { schema: table.schema, name: table.name },
    ...place,
    entity: undefined,
    source: undefined,
    schema,
    base,
    columns,
    relations: [],
    addedIndexes: [],
    droppedIndexes: [],
    addedUniques: [],
    droppedUniques: [],
    addedChecks: [],
    droppedChecks: [],
    primaryKey: table.primaryKey,
    isKeyChanged: false,
    comment: table.description,
    isDropped: false,
  };
}

/** Where the base gives a column another type or default than the plan asks for, the base wins: that must be said. */
function tellInherited(
  { editing }: Pick<Run, 'editing' | 'entities'>,
  base: string,
  def: ColumnDef,
  sibling: string | undefined,
): void {
  const tables = editing.input.before.tables.filter(({ name }) => name === sibling);
  const known = tables.flatMap((table) => table.columns).find(({ name }) => name === def.name);
  const isSame = known === undefined || (sameType(known.type, def.type) && known.notNull === def.notNull);
  editing.notice(
    isSame
      ? { severity: 'info', rule: 'inherited-column', message: `${def.name} comes from ${base}` }
      : {
          severity: 'warning',
          rule: 'inherited-column-differs',
          message: `${def.name} comes from ${base}, as ${known.type}${known.notNull ? ' NOT NULL' : ''}; the plan's ${def.type}${def.notNull ? ' NOT NULL' : ''} is not used`,
        },
  );
}

/** Writes a new entity: into a file of its own, or behind the others of its file. */
export function writeNew(run: Run, codeStyle: CodeStyle, draft: EntityDraft): void {
  const { eol } = codeStyle.style;
  const texts = [
    ...newMembers(run, codeStyle, draft).map(({ text }) => text),
    ...inverseMembersOf(run, codeStyle, draft),
  ];
  const hooks = sharedHooks(run, codeStyle, draft).map((text) => codeStyle.style.indent + text);
  const properties = texts.map((text) => memberLines(text, codeStyle.members, codeStyle.style));
  const members = hooks.length === 0 ? properties : [...properties, hooks.join(eol + eol)];
  const lines = [
    ...classDecorators(run, codeStyle, draft),
    `export class ${draft.exported}${extendsText(run, codeStyle, draft)} {`,
    ...(members.length === 0 ? [] : [members.join(codeStyle.members.isApart ? eol + eol : eol)]),
    '}',
  ];
  run.editing.append(draft.path, lines.join(eol));
}

function extendsText(run: Run, codeStyle: CodeStyle, draft: EntityDraft): string {
  const { editing } = run;
  const { base, path } = draft;
  if (base === undefined) return '';
  const given = base.text.slice(base.text.indexOf('<') + 1).replace(/>$/, '');
  if (base.text.includes('<')) importNames(run, codeStyle, draft, given);
  const from = base.path === undefined ? { module: base.module ?? 'typeorm' } : { path: base.path };
  const local = editing.needImport(path, { from, name: base.name });
  return ` extends ${base.text.replace(base.name, local)}`;
}

function classDecorators(run: Run, codeStyle: CodeStyle, draft: EntityDraft): string[] {
  const { text: context } = codeStyle;
  const companions = classCompanions(run, codeStyle, draft);
  const properties = (columns: readonly ColumnDraft[]) => columns.map(({ property }) => property);
  const isOnMember = (index: { readonly columns: readonly unknown[] }, columns: readonly ColumnDraft[]) =>
    codeStyle.columns.indexPlace === 'property' &&
    index.columns.length === 1 &&
    columns[0]?.isInherited === false;
  for (const { unique } of draft.addedUniques) refuseNulls(unique);
  const constraints = [
    ...draft.addedIndexes
      .filter(({ index, columns }) => !isOnMember(index, columns))
      .map(({ index, columns }) => indexText(index, properties(columns), context)),
    ...draft.addedUniques
      .filter(({ columns }) => {
        const [column] = columns;
        const isOption = column !== undefined && columnUnique(codeStyle, draft, column) !== undefined;
        return !isOption || column.isInherited || isRelationOnly(draft, column);
      })
      .map(({ unique, columns }) => uniqueText(unique, properties(columns), context)),
    ...draft.addedChecks.map((check) => checkText(check, context)),
  ];
  return isEntityFirst(codeStyle)
    ? [...companions, entityText(run, codeStyle, draft), ...constraints]
    : [...constraints, ...companions, entityText(run, codeStyle, draft)];
}

function isRelationOnly(draft: EntityDraft, column: ColumnDraft): boolean {
  return draft.relations.some((each) => each.property === column.property && each.columns.includes(column));
}

/** Whether `@Entity` stands above the constraints of a class, as most have it. */
function isEntityFirst({ samples }: CodeStyle): boolean {
  const first = majority(
    samples.map(({ source }) => {
      const own = source.decorators.filter((each) => each.isTypeorm);
      return own.length < 2 ? undefined : own[0]!.name.endsWith('Entity');
    }),
  );
  return first ?? true;
}

/** Decorators of the project that every class around has with the same text, imported; others that all have are reported. */
function classCompanions(run: Run, codeStyle: CodeStyle, draft: EntityDraft): string[] {
  const { samples } = codeStyle;
  const [first] = samples;
  if (first === undefined || samples.length < 2) return [];
  const all = (has: (decorator: DecoratorModel) => boolean) =>
    samples.every(({ source }) => source.decorators.some(has));
  const common = first.source.decorators.filter(
    ({ name, isTypeorm }) => !isTypeorm && all((each) => each.name === name),
  );
  const byColumn = packagesByColumn(samples);
  const whole = common.filter(({ name }) => !byColumn.has(moduleOf(first.source, name)));
  const texts = whole.map(({ text }) => text).filter((text) => all((each) => each.text === text));
  for (const text of texts) importNames(run, codeStyle, draft, text);
  const leaveOut = (message: string) =>
    run.editing.notice({ severity: 'info', rule: 'decorator-left-out', message, file: draft.path });
  for (const { name, text } of whole)
    if (!texts.includes(text))
      leaveOut(
        `every entity around has @${name}, with other arguments each time: add it to ${draft.exported}`,
      );
  const chosen = common.filter((each) => !whole.includes(each)).map(({ name }) => `@${name}`);
  if (chosen.length > 0)
    leaveOut(
      `every entity around has ${listed(chosen, 'and')}, and others of that package on the columns that are public: add them to ${draft.exported}, and to its columns that are to be public`,
    );
  return texts;
}

/** Decorators of classes whose properties need decorators of the same package: a GraphQL type without fields does not start. */
const NEEDS_FIELDS = /^(?:\w+\.)?(?:Object|Input|Interface)Type$/;

/** The packages of such decorators that mark some columns and not all: which are public nobody but a person can say. */
function packagesByColumn(samples: readonly Sample[]): ReadonlySet<string | undefined> {
  const packages = samples.flatMap(({ source }) =>
    source.decorators.filter(({ name }) => NEEDS_FIELDS.test(name)).map(({ name }) => moduleOf(source, name)),
  );
  return new Set(
    packages.filter((each) => {
      const marks = samples.flatMap((sample) =>
        columnsOf(sample).map(({ member }) =>
          member.decorators.some(({ name }) => moduleOf(sample.source, name) === each),
        ),
      );
      return each !== undefined && marks.includes(false);
    }),
  );
}

/** The package, or the file, that a class's file imports a decorator from. */
function moduleOf({ file }: ClassModel, name: string): string | undefined {
  const local = name.split('.')[0];
  const line = file.imports.find(
    ({ names, namespace }) => namespace === local || names?.items.some(({ alias }) => alias === local),
  );
  return line?.path ?? line?.module;
}

/** `@Entity('x')`, `@Entity({ name: 'x' })`, or `@Entity()` where the name is the derived one and neighbours do so. */
function entityText({ editing }: Run, codeStyle: CodeStyle, draft: EntityDraft): string {
  const { quote } = codeStyle.style;
  const form = majority(
    codeStyle.samples.map(({ source }) => entityForm(decoratorNamed(source, /^Entity$/)?.text)),
  );
  const table = writtenTable(draft, editing.input);
  const name = stringLiteral(table.name, quote);
  const rest: Option[] = [
    ...(table.schema === undefined ? [] : [['schema', stringLiteral(table.schema, quote)] as const]),
    ...(draft.comment === undefined ? [] : [['comment', stringLiteral(draft.comment, quote)] as const]),
  ];
  const isDerived = editing.input.naming !== 'custom' && snake(draft.exported) === table.name;
  if (form === 'options') return callText('Entity', undefined, [['name', name], ...rest], codeStyle.text);
  if (form === 'none' && isDerived) return callText('Entity', undefined, rest, codeStyle.text);
  return callText('Entity', name, rest, codeStyle.text);
}

function entityForm(text: string | undefined): 'name' | 'options' | 'none' | undefined {
  if (text === undefined) return undefined;
  if (optionOf(text, 'name') !== undefined) return 'options';
  return (argumentsOf(text) ?? []).length === 0 ? 'none' : 'name';
}
