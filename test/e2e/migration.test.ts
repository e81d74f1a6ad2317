import { beforeAll, describe, expect, it } from 'vitest';
import { type Consumer, consumerProject, type Run } from './consumer.ts';

const MIGRATIONS = 'src/external/drizzle/migrations';

describe('the seed plan in a fresh project with the packed tarball', () => {
  for (const [name, command] of [
    ['npx plop migration', ['npx', 'plop', 'migration', 'plans/products.yaml']],
    ['npx tableplan migration', ['npx', 'tableplan', 'migration', 'plans/products.yaml']],
  ] as const) {
    describe(name, () => {
      let project: Consumer;
      let before: string[];
      let run: Run;
      beforeAll(() => {
        project = consumerProject();
        before = project.files();
        run = project.run(command[0], ...command.slice(1));
      });

      it('succeeds without a TypeScript loader', () => expect(run).toMatchObject({ code: 0 }));

      it('writes the schema file, the migration, its rollback and the record, and nothing else', () => {
        expect(project.files().filter((path) => !before.includes(path))).toEqual([
          'docs/migrations/migration-0002-create-products-table.md',
          `${MIGRATIONS}/0002_create_products_table.sql`,
          `${MIGRATIONS}/meta/0002_snapshot.json`,
          `${MIGRATIONS}/rollback/0002_create_products_table.down.sql`,
          'src/external/drizzle/products/product.schema.ts',
        ]);
      });

      it('adds one line to the barrel', () => {
        expect(project.read('src/external/drizzle/schema.ts').split('\n')).toEqual([
          '// Every table that drizzle-kit should see is exported from here.',
          "export { brands } from './brands/brand.schema';",
          "export { categories } from './categories/category.schema';",
          "export { orders } from './orders/order.schema';",
          "export { products } from './products/product.schema';",
          "export { users } from './users/user.schema';",
          '',
        ]);
      });

      it('leaves drizzle-kit with nothing to generate', () => {
        expect(project.run('npx', 'drizzle-kit', 'generate').stdout).toContain('No schema changes');
      });

      it('changes nothing when it is run again', () => {
        const written = project.fingerprint();
        const again = project.run(command[0], ...command.slice(1));
        expect(again.code).toBe(0);
        expect(again.stdout + again.stderr).toContain('Nothing to do');
        expect(project.fingerprint()).toBe(written);
      });
    });
  }
});

describe('tableplan migration', () => {
  it('shows diff and SQL in a dry run and writes nothing at all', () => {
    const project = consumerProject();
    const before = project.fingerprint();
    const run = project.run('npx', 'tableplan', 'migration', 'plans/products.yaml', '--dry-run');
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('+export const products = pgTable(');
    expect(run.stdout).toContain('CREATE TABLE "products"');
    expect(project.fingerprint()).toBe(before);
  });

  it('answers with one JSON object', () => {
    const project = consumerProject();
    const run = project.run('npx', 'tableplan', 'migration', 'users', 'age:int', '--json');
    expect(JSON.parse(run.stdout)).toMatchObject({
      status: 'ok',
      changes: [{ kind: 'add-column', table: 'users' }],
      migration: {
        name: '0002_add_age_to_users',
        up: ['ALTER TABLE "users" ADD COLUMN "age" integer;'],
        down: ['ALTER TABLE "users" DROP COLUMN "age";'],
      },
      record: 'docs/migrations/migration-0002-add-age-to-users.md',
    });
  });

  it('exits 3 and names what is missing when nobody can be asked', () => {
    const run = consumerProject().run('npx', 'tableplan', 'migration', '--json');
    expect(run.code).toBe(3);
    expect(JSON.parse(run.stdout)).toMatchObject({ status: 'needs_answer', missing: [{ field: 'plan' }] });
  });

  it('exits 2 for a usage error, in JSON too', () => {
    const run = consumerProject().run('npx', 'tableplan', 'migration', '--nonsense', '--json');
    expect(run.code).toBe(2);
    expect(JSON.parse(run.stdout)).toMatchObject({ status: 'error', error: { code: 'usage' } });
  });
});

describe('npx plop migration', () => {
  it('takes words as one quoted argument or as several', () => {
    const project = consumerProject();
    expect(project.run('npx', 'plop', 'migration', 'users age:int').code).toBe(0);
    expect(project.run('npx', 'plop', 'migration', 'users', 'height:int', 'weight:int').code).toBe(0);
    expect(project.read('src/external/drizzle/users/user.schema.ts')).toMatch(
      /age: integer\('age'\),\s+height: integer\('height'\),\s+weight: integer\('weight'\),/,
    );
  });

  it('exits 1 and says why when the plan is wrong', () => {
    const project = consumerProject();
    const before = project.fingerprint();
    const run = project.run('npx', 'plop', 'migration', 'users age:inte');
    expect(run.code).toBe(1);
    expect(run.stdout + run.stderr).toContain('inte');
    expect(project.fingerprint()).toBe(before);
  });
});
