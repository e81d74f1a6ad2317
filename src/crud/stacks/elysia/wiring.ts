import { ts } from '../../../schema/compiler.cjs';
import { parseText } from '../../../schema/parse.ts';
import { indentAt, readStyle } from '../../../schema/style.ts';
import { applyEdits } from '../../../schema/text-edit.ts';
import type { CrudProject } from '../../crud-project.ts';
import type { CrudDomain } from '../../domain.ts';
import type { WiringEdit } from '../../stack.ts';
import type { RoutesAccess } from './access.ts';
import { type Copy, copyLike, mentions } from './copy-like.ts';
import { domainNamesLike, importing, operationCopies } from './domain-copies.ts';
import type { Layout } from './layout.ts';
import { OPERATIONS } from './neighbours.ts';
import { routesEdit } from './routes-edit.ts';
import type { WiringTargets } from './targets.ts';
import { addTokenMember, type Token } from './tokens.ts';

export interface Wiring {
  readonly domain: CrudDomain;
  readonly project: CrudProject;
  readonly layout: Layout;
  readonly targets: WiringTargets;
  readonly token: Token;
  readonly access: RoutesAccess;
}

/** The edits that make a domain part of the application: its token, its classes in the container, its routes. */
export function wiringOf(wiring: Wiring): readonly WiringEdit[] {
  return [
    ...tokenEdit(wiring),
    containerEdit(wiring),
    routesEdit({ ...wiring, path: wiring.targets.routes }),
  ];
}

function tokenEdit({ domain, targets, token, layout }: Wiring): readonly WiringEdit[] {
  const { name, like, isText } = token;
  const path = targets.tokens;
  if (name === undefined || isText === true) return [];
  // Where use cases and controllers have tokens too, they are called as the classes are.
  const ofClasses = (['useCase', 'controller'] as const).flatMap((kind) =>
    operationCopies(layout, kind, layout.neighbours, token),
  );
  const withName = (text: string): string | undefined => {
    if (path === undefined || mentions(path, text, [name])) return text;
    const names = new Map(like === undefined ? [] : [[like.name, name]]);
    const likes = like === undefined ? [] : [{ subject: like.subject, finds: [like.name], names }];
    const copied = copyLike(path, text, [{ name, likes }]);
    return copied !== undefined && copied !== text ? copied : addTokenMember(path, text, name);
  };
  return [
    {
      path,
      what: `the token of ${domain.names.plural.words} among the tokens`,
      group: 'container',
      paste: token.code.includes('.')
        ? `${name}: Symbol.for('${name}'),`
        : `export const ${name} = Symbol.for('${name}');`,
      edit(text) {
        const named = withName(text);
        return path === undefined || named === undefined ? named : copyLike(path, named, ofClasses);
      },
    },
  ];
}

function containerEdit({ domain, project, layout, targets, token }: Wiring): WiringEdit {
  const { classes, paths } = layout;
  const path = targets.container;
  const ofRepository = layout.neighbours
    .filter(({ role }) => role === 'adapter')
    .map(({ className, subject }) => ({
      subject,
      finds: [className],
      names: domainNamesLike(subject, layout, token),
    }));
  const names = ['useCase', 'controller'] as const;
  const copies: readonly Copy[] = [
    { name: classes.adapter, likes: ofRepository },
    ...names.flatMap((kind) => operationCopies(layout, kind, layout.neighbours, token)),
  ];
  const registered = `container.register(${token.code}, { useClass: ${classes.adapter} });`;
  const imported = [
    { name: classes.adapter, path: paths.adapter },
    ...token.imports,
    ...OPERATIONS.flatMap((operation) => [
      { name: classes[`${operation}UseCase`], path: paths[`${operation}UseCase`] },
      { name: classes[`${operation}Controller`], path: paths[`${operation}Controller`] },
    ]),
  ];
  return {
    path,
    what: `the repository of ${domain.names.plural.words} in the container`,
    group: 'container',
    paste: registered,
    edit(text) {
      if (path === undefined) return undefined;
      const copied = copyLike(path, text, copies);
      if (copied === undefined) return undefined;
      const whole = mentions(path, copied, [classes.adapter])
        ? copied
        : addStatement(path, copied, registered, /\bcontainer\s*\.register/);
      // A token that nobody registers is resolved by nobody.
      const known = token.name ?? token.code.slice(1, -1);
      if (whole === undefined || !mentions(path, whole, [known])) return undefined;
      const isTyped = new RegExp(`[<,]\\s*${classes.port}\\b`).test(whole);
      const port = isTyped ? [{ name: classes.port, path: paths.port, isType: layout.isPortInterface }] : [];
      return importing(path, whole, [...imported, ...port], project);
    },
  };
}

/** Behind the last statement that a pattern is in. */
function addStatement(path: string, text: string, statement: string, after: RegExp): string | undefined {
  const ast = parseText(path, text);
  const last = ast.statements.findLast(
    (each) => after.test(each.getText(ast)) && !ts.isImportDeclaration(each),
  );
  if (last === undefined) return undefined;
  const { eol } = readStyle(text);
  return applyEdits(text, [
    { start: last.end, end: last.end, text: eol + indentAt(text, last.getStart(ast)) + statement },
  ]);
}
