import { pluralName, singularName } from '../schema/word-names.ts';
import { toKebabCase, toPascalCase, toSnakeCase } from '../plan/migration-name.ts';
import { toIdentifier } from '../schema/case.ts';
import type { DomainNames, NameForms } from './domain.ts';

/**
 * The names of a domain in every form that code needs. Only the last word is turned, by `pluralize`: order_items,
 * categories, people. A word without a plural of its own (news, equipment) keeps its form, and the two never differ then
 * by anything but what the caller adds. `entity` is what the plan calls one row.
 *
 * @example domainNames('order_items').singular.kebab // 'order-item'
 */
export function domainNames(table: string, entity?: string): DomainNames {
  const plural = pluralName(toSnakeCase(table));
  const singular = entity === undefined ? singularName(plural) : toSnakeCase(entity);
  return { plural: formsOf(plural), singular: formsOf(singular) };
}

function formsOf(name: string): NameForms {
  const pascal = toPascalCase(name);
  return {
    kebab: toKebabCase(name),
    camel: toIdentifier(pascal.charAt(0).toLowerCase() + pascal.slice(1)),
    pascal: /^\d/.test(pascal) ? `_${pascal}` : pascal,
    snake: name,
    words: name.replaceAll('_', ' '),
  };
}
