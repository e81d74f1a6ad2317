import type { CrudProject } from '../../crud-project.ts';
import { withImports } from '../../wiring/imports.ts';
import { type Copy, mentions, type Substitution } from './copy-like.ts';
import type { Layout } from './layout.ts';
import { type Neighbour, OPERATIONS } from './neighbours.ts';

/** What stands for each operation's class: the neighbours' class of the same operation, else of any other. */
export function operationCopies(
  { classes }: Layout,
  kind: 'useCase' | 'controller',
  neighbours: readonly Neighbour[],
): readonly Copy[] {
  const ending = kind === 'useCase' ? 'UseCase' : 'Controller';
  return OPERATIONS.map((operation) => {
    const name = classes[`${operation}${ending}`];
    const like = (wanted: (neighbour: Neighbour) => boolean): Substitution[] =>
      neighbours.filter(wanted).map(({ className }) => new Map([[className, name]]));
    const same = (neighbour: Neighbour): boolean => neighbour.role === `${operation}${ending}`;
    return { name, likes: [...like(same), ...like((each) => each.role.endsWith(ending) && !same(each))] };
  });
}

/** A text with the imports of those names that it mentions. */
export function importing(
  path: string,
  text: string,
  imports: readonly { readonly name: string; readonly path: string }[],
  project: CrudProject,
): string {
  const wanted = imports.filter(({ name }) => mentions(path, text, [name]));
  return withImports(
    path,
    text,
    wanted.map((each) => ({ name: each.name, module: project.specifier(path, each.path) })),
  );
}
