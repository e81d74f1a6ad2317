import { replayTypeormHistory } from '../../../src/orm/typeorm/history.ts';
import { locateTypeorm } from '../../../src/orm/typeorm/locate/locate.ts';
import { startTypeorm } from '../../../src/orm/typeorm/start.ts';
import type { Project } from '../project.ts';
import { describeShape, type Shape } from '../shape.ts';

/** A shape in which TypeORM itself finds no difference between entities and migrations, before the first plan and after each. */
export function describeTypeorm(
  shape: Omit<Shape, 'leftOver' | 'expected'> & { readonly folder: string },
): void {
  describeShape({
    ...shape,
    expected: `${import.meta.dirname}/expected/${shape.folder}`,
    leftOver: (project) => wouldGenerate(project, shape.config),
  });
}

/** What `migration:generate` would write against a database with all migrations. */
async function wouldGenerate({ cwd }: Project, config: string | undefined): Promise<string> {
  const started = await startTypeorm(await locateTypeorm(cwd, { config }), {
    keep: true,
    purpose: 'rehearse',
  });
  try {
    const loaded = await started.loaded;
    const { host, current: child, cacheFolder, project } = started;
    const typeormVersion = project.typeorm.version;
    await replayTypeormHistory({ host, child, loaded, typeormVersion, cacheFolder, keep: true });
    const { up } = await child.log();
    return up.map(({ sql }) => sql).join('\n');
  } finally {
    await started.stop();
  }
}
