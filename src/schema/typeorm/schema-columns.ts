import { stringLiteral } from '../literals.ts';
import type { ColumnSpec, Option } from './column-spec.ts';
import { needsName } from './habits.ts';
import type { ColumnNaming } from './editing.ts';

/** A column as an EntitySchema has it: what decorators say by their names is an option here. */
export function schemaColumn(
  spec: ColumnSpec,
  {
    property,
    column,
    naming,
    quote,
  }: { property: string; column: string; naming: ColumnNaming; quote: "'" | '"' },
): readonly Option[] {
  const rest = spec.options.filter(([key]) => key !== 'type');
  const type = spec.type ?? fallbackType(spec);
  const typed = spec.options.find(([key]) => key === 'type')?.[1] ?? stringLiteral(type, quote);
  return [
    ...(needsName(property, column, naming) ? [['name', stringLiteral(column, quote)] as const] : []),
    ['type', typed],
    ...flagsOf(spec, quote),
    ...rest,
  ];
}

function fallbackType({ decorator, propertyType, strategy }: ColumnSpec): string {
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
