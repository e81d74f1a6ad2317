import { type Project, run } from '../project.ts';
import { describeShape, type Shape } from '../shape.ts';

/** A shape whose history drizzle-kit makes (unless it says otherwise), and in which drizzle-kit finds no change after each plan. */
export function describeDrizzle(
  shape: Omit<Shape, 'leftOver' | 'expected'> & { readonly folder: string },
): void {
  const config = shape.config === undefined ? [] : ['--config', shape.config];
  describeShape({
    history: (project) => void run(project.cwd, ['drizzle-kit', 'generate', ...config, '--name', 'init']),
    ...shape,
    expected: `${import.meta.dirname}/expected/${shape.folder}`,
    leftOver: (project) => wouldGenerate(project, config),
  });
}

function wouldGenerate(project: Project, config: readonly string[]): string {
  const said = run(project.cwd, ['drizzle-kit', 'generate', ...config]);
  return said.includes('No schema changes') ? '' : said;
}
