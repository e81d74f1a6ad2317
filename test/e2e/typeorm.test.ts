import { beforeAll, describe, expect, it } from 'vitest';
import { type Consumer, consumerProject, type Run } from './consumer.ts';

describe('a plan in a fresh TypeORM project with the packed tarball', () => {
  for (const command of [
    ['npx', 'plop', 'migration', 'plans/brands.yaml'],
    ['npx', 'tableplan', 'migration', 'plans/brands.yaml'],
  ] as const) {
    describe(command.slice(0, 3).join(' '), () => {
      let project: Consumer;
      let before: string[];
      let run: Run;
      beforeAll(() => {
        project = consumerProject('typeorm-shop');
        before = project.files();
        run = project.run(command[0], ...command.slice(1));
      });

      it('succeeds, the types of the project compile', () => {
        expect(run).toMatchObject({ code: 0 });
        expect(run.stdout).toContain('tsc --noEmit');
      });

      it('writes entity, migration and record, and nothing else', () => {
        const added = project
          .files()
          .filter((path) => !before.includes(path) && !path.startsWith('node_modules'));
        expect(added.map((path) => path.replace(/\d{13}/, 'STAMP'))).toEqual([
          'docs/migrations/migration-STAMP-create-brands-table-and-alter-products.md',
          'src/entities/brand.entity.ts',
          'src/migrations/STAMP-CreateBrandsTableAndAlterProducts.ts',
        ]);
      });

      it('renames the property with its column and adds both ends of the relation', () => {
        const product = project.read('src/entities/product.entity.ts');
        expect(product).toContain('  name!: string;');
        expect(product).not.toContain('title');
        expect(product).toContain(
          "@ManyToOne(() => Brand, (brand) => brand.products, { onDelete: 'SET NULL' })",
        );
        expect(project.read('src/entities/brand.entity.ts')).toContain('products!: Product[];');
      });

      it('drops no column', () => {
        const path = project.files().find((file) => file.endsWith('CreateBrandsTableAndAlterProducts.ts'))!;
        const [up = ''] = project.read(path).split('async down');
        expect(up).toContain('RENAME COLUMN "title" TO "name"');
        expect(up).not.toContain('DROP');
      });

      it('changes nothing the second time', () => {
        const written = project.fingerprint();
        expect(project.run('npx', 'tableplan', 'migration', 'plans/brands.yaml').stdout).toContain(
          'Nothing to do',
        );
        expect(project.fingerprint()).toBe(written);
      });
    });
  }

  it('is set up by init', () => {
    const project = consumerProject('typeorm-shop');
    expect(project.run('npx', 'tableplan', 'init', '--yes')).toMatchObject({ code: 0 });
    expect(project.read('package.json')).toContain('"migration": "plop migration"');
  });
});
