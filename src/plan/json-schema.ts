import { z } from 'zod';
import { DocumentSchema } from './plan.ts';

type Json = Record<string, unknown>;

/**
 * The JSON Schema (draft 2020-12) of one document of a plan, for editors: `plan.schema.json` is this, written out.
 * What only parsing shows (SQL, names, fields that must exist) is checked by `parsePlan` alone.
 */
export function planJsonSchema(): Json {
  const { $schema, ...schema } = z.toJSONSchema(DocumentSchema, {
    override: ({ jsonSchema }) => ignoreCase(jsonSchema as Json),
  }) as Json;
  const options = (schema['oneOf'] ?? schema['anyOf']) as Json[];
  return {
    $schema,
    $id: 'https://unpkg.com/tableplan/plan.schema.json',
    title: 'tableplan: table plan',
    description:
      'A plan about one table or one enum. A file may hold several documents, separated by ---; they make one migration, ' +
      'and name, description and safety stand in the first one only.',
    oneOf: options.map(allowNewNameInChanges),
  };
}

/** JSON Schema patterns know no flags: letters match both cases by themselves. */
function ignoreCase(schema: Json): void {
  const pattern = schema['pattern'];
  if (typeof pattern !== 'string' || pattern.includes('[')) return;
  schema['pattern'] = pattern.replaceAll(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

/** `migration_type: rename_table` takes `changes: {rename_table: …}` in place of `new_name`. */
function allowNewNameInChanges(option: Json): Json {
  const properties = option['properties'] as Record<string, Json>;
  if (properties['migration_type']?.['const'] !== 'rename_table') return option;
  const changes = {
    type: 'object',
    properties: { rename_table: properties['new_name'] },
    required: ['rename_table'],
    additionalProperties: false,
  };
  const required = (option['required'] as string[]).filter((key) => key !== 'new_name');
  return {
    ...option,
    properties: { ...properties, changes },
    required,
    oneOf: [{ required: ['new_name'] }, { required: ['changes'] }],
  };
}
