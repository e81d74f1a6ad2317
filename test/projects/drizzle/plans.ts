/** `app.projects`: a table of the Postgres schema `app`. */
function tableLines(table: string): string {
  const [name, schema] = table.split('.').toReversed();
  return `table_name: ${name}\n${schema === undefined ? '' : `schema: ${schema}\n`}`;
}

function changes(table: string, lines: string): string {
  return `migration_type: modify_existing\n${tableLines(table)}changes:\n${lines}`;
}

/** A plan that changes one table; the template has the lines below `changes`, indented as they are there. */
export function changing(table: string): (lines: TemplateStringsArray) => string {
  return ([lines = '']) => changes(table, lines.replace(/^\n/, ''));
}

/** A plan that renames a column. */
export function renaming(table: string, from: string, to: string): string {
  return changes(table, `  rename_columns: [{ from: ${from}, to: ${to} }]\n`);
}

/** A plan that drops a column (`app.users.title`), with the reason that the reviewer asks for. */
export function dropping(column: string, reason: string): string {
  const at = column.lastIndexOf('.');
  return `${changes(column.slice(0, at), `  drop_columns: [${column.slice(at + 1)}]\n`)}safety:
  allow:
    - { rule: drop-column, object: ${column}, reason: ${reason} }
`;
}

/** Fields of a new table that most have. */
export const UUID_KEY = '- { name: id, type: uuid, constraints: [PRIMARY KEY], default: gen_random_uuid() }';

export function rowDates(type: 'timestamp' | 'timestamptz'): string {
  const date = (name: string) => `- { name: ${name}, type: ${type}, constraints: [NOT NULL, DEFAULT now()] }`;
  return `${date('created_at')}\n  ${date('updated_at')}`;
}
