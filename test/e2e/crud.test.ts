import { beforeAll, describe, expect, it } from 'vitest';
import { type Consumer, consumerProject, type Run } from './consumer.ts';

const WORDS = ['labels', 'id:uuid=gen_random_uuid():pk', 'name:text!:unique'];

describe('a domain in a fresh project without a framework, with the packed tarball', () => {
  let project: Consumer;
  let before: string;
  let run: Run;
  beforeAll(() => {
    project = consumerProject();
    before = project.fingerprint();
    const refused = project.run('npx', 'plop', 'crud', ...WORDS);
    expect(refused.code).toBe(1);
    expect(refused.stdout + refused.stderr).toContain('--stack hono');
    expect(project.fingerprint()).toBe(before);
    run = project.run('npx', 'tableplan', 'crud', ...WORDS, '--stack', 'hono');
  });

  it('is written, and what is left to do is said', () => {
    expect(run).toMatchObject({ code: 0 });
    expect(run.stdout).toContain('npm i hono zod');
    expect(run.stdout).toContain("app.route('/labels', labelRoutes(db));");
  });

  it('has its migration, its code and its test', () => {
    for (const path of [
      'src/external/drizzle/labels/label.schema.ts',
      'src/external/drizzle/migrations/0002_create_labels_table.sql',
      'src/labels/labels.routes.ts',
      'src/labels/labels.queries.ts',
      'src/labels/labels.validation.ts',
      'src/labels/labels.test.ts',
    ])
      expect(project.files()).toContain(path);
  });

  it('stays as it is the second time', () => {
    const written = project.fingerprint();
    const again = project.run('npx', 'tableplan', 'crud', ...WORDS, '--stack', 'hono');
    expect(again).toMatchObject({ code: 0 });
    expect(project.fingerprint()).toBe(written);
  });

  it('goes whole with undo', () => {
    const listed = JSON.parse(project.run('npx', 'tableplan', 'undo', '--list', '--json').stdout) as object;
    expect(listed).toMatchObject({ runs: [{ id: '0002_create_labels_table' }] });
    expect(project.run('npx', 'tableplan', 'undo', '--yes')).toMatchObject({ code: 0 });
    expect(project.fingerprint()).toBe(before);
  });
});
