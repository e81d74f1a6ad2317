import { toSnakeCase } from '../migration-name.ts';
import type { NewTableDocument, PlanField } from '../plan.ts';
import { listed } from '../suggest.ts';
import type { Understood, WordsContext } from './request.ts';

/**
 * A new table of words with the primary key and the timestamps that the tables of the project have, unless the words say
 * another key or the context has no conventions (`--bare`). A notice names what was added.
 */
export function withConventions(understood: Understood, { conventions, tables }: WordsContext): Understood {
  const { document } = understood;
  if (conventions === undefined || !('fields' in document)) return understood;
  const key = hasKey(document) || isThere(document, conventions.key) ? [] : [conventions.key];
  const timestamps = conventions.timestamps.filter((field) => !isThere(document, field));
  const added = [...key, ...timestamps];
  if (added.length === 0) return understood;
  const names = added.map(({ name, type, constraints = [] }) =>
    constraints.includes('PRIMARY KEY') ? `${name} (${type}, primary key)` : name,
  );
  const reason = !conventions.isUsual
    ? 'as the tables of this project have'
    : tables.length === 0
      ? 'the usual ones, as this project has no tables yet'
      : 'the usual ones, as no table of this project has a key of its own';
  return {
    document: { ...document, fields: [...key, ...document.fields, ...timestamps] },
    origins: understood.origins.map((origin) => {
      const [list, index, ...rest] = origin.path;
      return list === 'fields' && typeof index === 'number'
        ? { ...origin, path: [list, index + key.length, ...rest] }
        : origin;
    }),
    notices: [
      ...understood.notices,
      {
        severity: 'info',
        rule: 'words-conventions',
        message: `added ${listed(names, 'and')}, ${reason}; --bare leaves them out`,
      },
    ],
  };
}

function hasKey(document: NewTableDocument): boolean {
  const isKey = (text: string): boolean => /^\s*primary\s+key\b/i.test(text);
  return (
    document.primary_key !== undefined ||
    document.fields.some(({ constraints = [] }) => constraints.some(isKey))
  );
}

function isThere(document: NewTableDocument, { name }: PlanField): boolean {
  return document.fields.some((field) => toSnakeCase(field.name) === toSnakeCase(name));
}
