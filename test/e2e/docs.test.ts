import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { consumerProject } from './consumer.ts';

it.each(['drizzle-shop', 'typeorm-shop'])(
  'npx plop docs writes the documents of a project like %s',
  (example) => {
    const project = consumerProject(example);
    rmSync(join(project.root, 'docs'), { recursive: true });
    expect(project.run('npx', 'plop', 'docs')).toMatchObject({ code: 0 });
    expect(project.files().filter((path) => path.startsWith('docs/'))).toEqual([
      'docs/migrations/GUIDE.md',
      'docs/migrations/README.md',
      'docs/migrations/SKILL.md',
      'docs/migrations/schema.md',
    ]);
    expect(project.read('docs/migrations/GUIDE.md')).toContain('`npx plop migration`');
    expect(project.run('npx', 'tableplan', 'docs', '--check')).toMatchObject({ code: 0 });

    project.write('docs/migrations/README.md', '# Ours\n');
    const stale = project.run('npx', 'tableplan', 'docs', '--check', '--json');
    expect(stale.code).toBe(1);
    expect(JSON.parse(stale.stdout)).toMatchObject({
      status: 'findings',
      stale: [{ path: 'docs/migrations/README.md', why: 'missing' }],
    });
    expect(project.read('docs/migrations/README.md')).toBe('# Ours\n');
  },
);
