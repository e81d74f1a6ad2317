import { spread } from '../spread.ts';
import type { ColumnNaming } from './editing.ts';
import type { Entities } from './entities.ts';
import { snake } from './conventions.ts';
import { optionOf, optionsOf } from './options.ts';
import { decoratorNamed } from './read.ts';
import { keysOf } from './snippet.ts';

/** So many properties of several words show the rule. */
const ENOUGH = 40;
/** So many entities are looked at for them. */
const ENTITIES = 60;

/**
 * How properties become columns in a project, as far as its entities show: `snake` when columns of properties that have
 * no `name:` are snake_case of them, `custom` when they follow no such rule.
 */
export function columnNamingOf(entities: Entities): ColumnNaming {
  const telling: { readonly property: string; readonly column: string }[] = [];
  for (const entity of spread(entities.all, ENTITIES)) {
    if (telling.length >= ENOUGH) break;
    const columns = entity.columns.filter(
      ({ property, isVirtual }) => !isVirtual && !property.includes('.') && snake(property) !== property,
    );
    const source = columns.length === 0 ? undefined : entities.find(entity);
    if (source?.kind !== 'class') continue;
    telling.push(
      ...columns.filter(({ property }) => {
        const member = source.members.find(({ name }) => name === property);
        const decorator = member && decoratorNamed(member, /Column$/);
        return decorator !== undefined && isUnnamed(decorator.text);
      }),
    );
  }
  if (telling.every(({ property, column }) => property === column)) return 'default';
  return telling.every(({ property, column }) => snake(property) === column) ? 'snake' : 'custom';
}

/** No `name:`, and nothing that could hold one. */
function isUnnamed(decorator: string): boolean {
  const options = optionsOf(decorator);
  if (options === undefined) return true;
  if (options === 'opaque' || keysOf(options.text)?.hasSpread === true) return false;
  return optionOf(decorator, 'name') === undefined;
}
