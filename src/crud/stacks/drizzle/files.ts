import { sharedFile } from '../../shared-file.ts';
import type { CrudProject } from '../../crud-project.ts';
import type { CrudDomain } from '../../domain.ts';
import type { PackageNeed, StackFile } from '../../stack.ts';
import type { DomainLayout } from './layout.ts';

/** The files of a domain, and those that all domains share. */
export function drizzleFiles(layout: DomainLayout): readonly StackFile[] {
  const shared = (id: string, file: string): StackFile => sharedFile(layout.shared, id, file);
  return [
    shared('database', 'database.ts'),
    shared('errors', 'errors.ts'),
    shared('fields', 'fields.ts'),
    { ...shared('testDatabase', 'test-database.ts'), view: { migrationsUrl: layout.migrationsUrl } },
    { id: 'validation', template: 'validation.ts.hbs', path: layout.validation },
    { id: 'queries', template: 'queries.ts.hbs', path: layout.queries },
    { id: 'routes', template: 'routes.ts.hbs', path: layout.routes },
    { id: 'test', template: 'routes.test.ts.hbs', path: layout.test },
  ];
}

/** What the code of a domain imports. */
export function drizzleNeeds(framework: string, { testRunner }: CrudProject): readonly PackageNeed[] {
  return [
    { name: framework, isDev: false },
    { name: 'drizzle-orm', isDev: false },
    { name: 'zod', isDev: false },
    { name: '@electric-sql/pglite', isDev: true },
    ...(testRunner === 'vitest' || testRunner === 'jest' ? [{ name: testRunner, isDev: true }] : []),
  ];
}

/** The tables that have to hold a row before the test's, by the names that its template imports them by. */
export function parentTargets({ parents }: CrudDomain): Readonly<Record<string, string>> {
  return Object.fromEntries(parents.map(({ table }) => [`parent ${table.variable}`, table.path]));
}
