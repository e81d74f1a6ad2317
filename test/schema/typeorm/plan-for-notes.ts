import { runPlan } from './style-fixture.ts';

const DATA_SOURCE = `import { DataSource } from 'typeorm';

export const source = new DataSource({ type: 'postgres', entities: ['src/**/*.entity.ts'] });
`;

export type Files = Readonly<Record<string, string>>;

/** The files of a project after a plan for the table `notes`. */
export async function after(files: Files, plan: string) {
  return runPlan({ 'src/data-source.ts': DATA_SOURCE, ...files }, plan);
}

/** A plan for a new table `notes`, with more lines of fields and whatever follows. */
export const notes = (more = '') => `migration_type: 'new_table'
table_name: 'notes'
fields:
  - {name: 'id', type: 'uuid', constraints: ['PRIMARY KEY', 'DEFAULT uuid_generate_v4()']}
  - {name: 'text', type: 'varchar', constraints: ['NOT NULL']}
${more}`;
