import type { EntityModel } from '../../orm/typeorm/model.ts';
import type { ColumnNaming } from './editing.ts';
import { snake } from './habits.ts';

/**
 * How properties become columns in a project, as far as its entities show: `snake` when columns of several words are
 * snake_case of their properties although nobody names them, `custom` when they follow no such rule.
 *
 * @param isNamed whether a column's name is written in the source
 */
export function columnNamingOf(
  entities: readonly EntityModel[],
  isNamed: (entity: EntityModel, property: string) => boolean,
): ColumnNaming {
  const telling = entities.flatMap((entity) =>
    entity.columns
      .filter(
        ({ property, isVirtual }) => !isVirtual && !property.includes('.') && snake(property) !== property,
      )
      .filter(({ property }) => !isNamed(entity, property)),
  );
  if (telling.every(({ property, column }) => property === column)) return 'default';
  return telling.every(({ property, column }) => snake(property) === column) ? 'snake' : 'custom';
}
