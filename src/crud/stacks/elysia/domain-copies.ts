import type { CrudProject } from '../../crud-project.ts';
import { withImports } from '../../wiring/imports.ts';
import { type Copy, type Like, mentions } from './copy-like.ts';
import type { Layout } from './layout.ts';
import { type Neighbour, OPERATIONS } from './neighbours.ts';
import type { Token } from './tokens.ts';

/** All names of a neighbour's domain, and ours for them. */
export function domainNamesLike(
  subject: string,
  { neighbours, classes }: Layout,
  token: Token,
): ReadonlyMap<string, string> {
  const own = neighbours.filter((each) => each.subject === subject && each.className !== '');
  const isItsToken = token.like?.subject === subject && token.name !== undefined;
  return new Map([
    ...own.flatMap(({ role, className }) => (role === 'dto' ? [] : [[className, classes[role]] as const])),
    ...(isItsToken ? [[token.like.name, token.name] as const] : []),
  ]);
}

/** What stands for each operation's class: the neighbours' class of the same operation, else of any other. */
export function operationCopies(
  layout: Layout,
  kind: 'useCase' | 'controller',
  neighbours: readonly Neighbour[],
  token: Token,
): readonly Copy[] {
  const { classes } = layout;
  const ending = kind === 'useCase' ? 'UseCase' : 'Controller';
  return OPERATIONS.map((operation) => {
    const name = classes[`${operation}${ending}`];
    const same = (neighbour: Neighbour): boolean => neighbour.role === `${operation}${ending}`;
    const like = (neighbour: Neighbour): Like => {
      const theirs = neighbour.role.replace(/(UseCase|Controller)$/, '');
      // What is modelled on another operation is ours throughout: its use case too.
      const moved = layout.neighbours.flatMap(({ subject, role, className }) =>
        subject === neighbour.subject && (role === `${theirs}UseCase` || role === `${theirs}Controller`)
          ? [[className, classes[role.replace(theirs, operation) as keyof typeof classes]] as const]
          : [],
      );
      const names = new Map([...domainNamesLike(neighbour.subject, layout, token), ...moved]);
      return { subject: neighbour.subject, finds: [neighbour.className], names };
    };
    const ofKind = neighbours.filter((each) => each.role.endsWith(ending));
    return {
      name,
      likes: [...ofKind.filter(same), ...ofKind.filter((each) => !same(each))].map(like),
    };
  });
}

/** A text with the imports of those names that it mentions. */
export function importing(
  path: string,
  text: string,
  imports: readonly { readonly name: string; readonly path: string; readonly isType?: boolean }[],
  project: CrudProject,
): string {
  const wanted = imports.filter(({ name }) => mentions(path, text, [name]));
  return withImports(
    path,
    text,
    wanted.map((each) => ({
      name: each.name,
      module: project.specifier(path, each.path),
      isType: each.isType,
    })),
  );
}
