import { stringLiteral } from '../literals.ts';
import type { ColumnSpec, Option } from './column-spec.ts';
import { needsName } from './conventions.ts';
import type { ColumnDef } from '../../plan/database-schema.ts';
import { parseType } from '../../postgres/sql.ts';
import type { CodeStyle, Run } from './context.ts';
import { importNamesOf } from './copied-names.ts';
import type { ColumnDraft, EntityDraft } from './draft.ts';
import { sharedColumn } from './schema-conventions.ts';
import { MODIFIER_KEYS } from './type-words.ts';

/** What an EntitySchema has for a column: a constant of the project, or options. */
export type SchemaColumn = { readonly constant: string } | { readonly options: readonly Option[] };

/**
 * A column as an EntitySchema has it: what decorators say by their names is an option here, and types and whole columns
 * are the project's own constants where neighbours have those, which are imported.
 */
export function schemaColumn(
  run: Run,
  codeStyle: CodeStyle,
  draft: EntityDraft,
  { column, spec }: { readonly column: ColumnDraft; readonly spec: ColumnSpec },
): SchemaColumn {
  const { def, property } = column;
  const { quote } = codeStyle.style;
  const { naming } = run.editing.input;
  const name: readonly Option[] = needsName(property, def.name, naming)
    ? [['name', stringLiteral(def.name, quote)]]
    : [];
  const rest = spec.options.filter(([key]) => key !== 'type');
  const flags = flagsOf(spec, quote);
  const shared = spec.decorator.endsWith('DateColumn')
    ? undefined
    : constantFor(run, codeStyle, draft, column);
  if (shared !== undefined) {
    const own = [...name, ...flags, ...rest.filter(([key]) => !isPartOfType(key))];
    return own.length === 0 ? { constant: shared } : { options: [[`...${shared}`, ''], ...own] };
  }
  const written = spec.options.find(([key]) => key === 'type')?.[1];
  return {
    options: [
      ...name,
      ['type', written ?? typeText(run, codeStyle, draft, { def, spec })],
      ...flags,
      ...rest,
    ],
  };
}

/** The text for the type of a column, as neighbours have it. */
export function typeText(
  run: Run,
  { schemas, style }: CodeStyle,
  draft: EntityDraft,
  {
    def,
    spec,
  }: {
    readonly def: ColumnDef;
    readonly spec: Pick<ColumnSpec, 'type' | 'decorator' | 'propertyType' | 'strategy'>;
  },
): string {
  const word = spec.type ?? fallbackType(spec);
  const type = parseType(def.type);
  const shared = word === 'enum' || type.arrayDims > 0 ? undefined : schemas.types.get(type.name);
  if (shared === undefined) return stringLiteral(word, style.quote);
  importNamesOf(run, shared.file, draft.path, shared.text);
  return shared.text;
}

function constantFor(
  run: Run,
  { schemas }: CodeStyle,
  draft: EntityDraft,
  column: ColumnDraft,
): string | undefined {
  const isKey =
    draft.primaryKey?.columns.includes(column.def.name) === true ||
    draft.relations.some((each) => !each.isDropped && each.columns.includes(column));
  const shared = sharedColumn(run, schemas, { def: column.def, property: column.property, isKey });
  if (shared === undefined) return undefined;
  importNamesOf(run, shared.file, draft.path, shared.text);
  return shared.text;
}

/** Options that the constant has with its type. */
function isPartOfType(key: string): boolean {
  return key === 'array' || MODIFIER_KEYS.some((each) => each === key);
}

function fallbackType({
  decorator,
  propertyType,
  strategy,
}: Pick<ColumnSpec, 'decorator' | 'propertyType' | 'strategy'>): string {
  if (decorator.endsWith('DateColumn')) return 'timestamp';
  if (decorator === 'PrimaryGeneratedColumn') return strategy?.includes('uuid') === true ? 'uuid' : 'int';
  return propertyType === 'number' ? 'int' : propertyType === 'boolean' ? 'boolean' : 'varchar';
}

function flagsOf({ decorator, strategy, generated }: ColumnSpec, quote: "'" | '"'): readonly Option[] {
  switch (decorator) {
    case 'PrimaryColumn':
      return [['primary', 'true']];
    case 'PrimaryGeneratedColumn':
      return [
        ['primary', 'true'],
        ['generated', strategy ?? stringLiteral('increment', quote)],
      ];
    case 'CreateDateColumn':
      return [['createDate', 'true']];
    case 'UpdateDateColumn':
      return [['updateDate', 'true']];
    case 'DeleteDateColumn':
      return [['deleteDate', 'true']];
    case 'Column':
      return generated === undefined ? [] : [['generated', stringLiteral(generated, quote)]];
  }
}
