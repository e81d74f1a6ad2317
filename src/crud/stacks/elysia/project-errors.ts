import { ts } from '../../../schema/compiler.cjs';
import { parseText } from '../../../schema/parse.ts';
import type { CrudProject } from '../../crud-project.ts';
import { isTest } from '../../find-database.ts';
import { parentOf } from '../../parent-class.ts';
import type { CodePlace } from '../../refuses.ts';

/** A class of errors that the project has. */
export interface ProjectError {
  readonly name: string;
  readonly path: string;
}

/** The project's own errors for what a client has to do otherwise. */
export interface ProjectErrors {
  /** What the others extend. */
  readonly base: ProjectError;
  /** They answer themselves (`toResponse()`); else they have a `status`, with which Elysia answers a thrown one. */
  readonly hasResponse: boolean;
  readonly notFound: ProjectError;
  readonly conflict: ProjectError;
  readonly invalid: ProjectError;
}

const WANTED = {
  notFound: /^(Resource|Entity)?NotFound(Error|Exception)?$/,
  conflict: /^((Resource)?Conflict|AlreadyExists|Duplicate\w*)(Error|Exception)?$/,
  invalid: /^(Validation|BadRequest|Invalid(Value|Input|Argument)?)(Error|Exception)?$/,
} as const;

/**
 * The errors of a project that maps them to answers itself, as `error-mapper` modules do: three exported classes that take a
 * message, below one that has `toResponse()`, or a `status` which Elysia answers with. Undefined where one of them is lacking:
 * then the code brings its own.
 */
export function findProjectErrors(project: CrudProject): ProjectErrors | undefined {
  const classes = [...project.sources]
    .filter(([path, text]) => !isTest(path) && /\bclass \w*(Error|Exception)\b/.test(text))
    .flatMap(([path, text]) => errorClassesIn({ path, ast: parseText(path, text) }, project));
  const find = (pattern: RegExp): ErrorClass | undefined => classes.find(({ name }) => pattern.test(name));
  const [notFound, conflict, invalid] = [find(WANTED.notFound), find(WANTED.conflict), find(WANTED.invalid)];
  if (notFound === undefined || conflict === undefined || invalid === undefined) return undefined;
  const { base, hasResponse } = notFound;
  const isOne = [conflict, invalid].every(
    (each) =>
      each.base.name === base.name && each.base.path === base.path && each.hasResponse === hasResponse,
  );
  return isOne ? { base, hasResponse, notFound, conflict, invalid } : undefined;
}

interface ErrorClass extends ProjectError {
  readonly base: ProjectError;
  readonly hasResponse: boolean;
}

/** Exported classes that take a message, and answer themselves or have a status. */
function errorClassesIn(place: CodePlace, project: CrudProject): readonly ErrorClass[] {
  return place.ast.statements.filter(ts.isClassDeclaration).flatMap((node) => {
    const responding = above(node, place, project, respondsItself);
    const base = responding ?? above(node, place, project, hasStatus);
    const isExported = node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
    if (node.name === undefined || base === undefined || !isExported) return [];
    return takesMessage(node, place, project)
      ? [{ name: node.name.text, path: place.path, base, hasResponse: responding !== undefined }]
      : [];
  });
}

type Test = (node: ts.ClassDeclaration, place: CodePlace) => boolean;

/** The class that has something: the class itself, or one that it extends. */
function above(
  node: ts.ClassDeclaration,
  place: CodePlace,
  project: CrudProject,
  has: Test,
): ProjectError | undefined {
  if (has(node, place) && node.name !== undefined) return { name: node.name.text, path: place.path };
  const parent = parentOf({ node, place }, project);
  return parent && above(parent.node, parent.place, project, has);
}

/** `toResponse()` */
function respondsItself({ members }: ts.ClassDeclaration, { ast }: CodePlace): boolean {
  return members.some(
    (member) =>
      ts.isMethodDeclaration(member) &&
      member.name.getText(ast) === 'toResponse' &&
      member.parameters.length === 0,
  );
}

/** `readonly status = 404`, or `status` as a parameter of the constructor that is a property. */
function hasStatus({ members }: ts.ClassDeclaration, { ast }: CodePlace): boolean {
  const properties = members.filter(ts.isPropertyDeclaration);
  const parameters = members
    .filter(ts.isConstructorDeclaration)
    .flatMap((each) => [...each.parameters])
    .filter((each) => (ts.getModifiers(each) ?? []).length > 0);
  return [...properties, ...parameters].some(
    (each) =>
      each.name.getText(ast) === 'status' &&
      !ts
        .getModifiers(each)
        ?.some(
          ({ kind }) => kind === ts.SyntaxKind.PrivateKeyword || kind === ts.SyntaxKind.ProtectedKeyword,
        ),
  );
}

/** `constructor(message: string = '…')`, in the class or in one that it extends. */
function takesMessage(node: ts.ClassDeclaration, place: CodePlace, project: CrudProject): boolean {
  const own = node.members.find(ts.isConstructorDeclaration);
  if (own === undefined) {
    const parent = parentOf({ node, place }, project);
    return parent !== undefined && takesMessage(parent.node, parent.place, project);
  }
  const [first, ...rest] = own.parameters;
  if (first === undefined || !/^(message|msg|detail|reason|text)$/i.test(first.name.getText(place.ast)))
    return false;
  const isText =
    first.type?.kind === ts.SyntaxKind.StringKeyword ||
    (first.type === undefined &&
      first.initializer !== undefined &&
      ts.isStringLiteralLike(first.initializer));
  return isText && rest.every((each) => each.initializer !== undefined || each.questionToken !== undefined);
}

/** What templates see of the errors: the classes' names, and the files that they are imported from. */
export function errorsView(own: ProjectErrors | undefined) {
  if (own === undefined)
    return {
      isOwn: false,
      hasResponse: false,
      isThrown: false,
      isShadowing: false,
      base: { name: 'DomainError', from: 'domainErrors' },
      notFound: { name: 'NotFoundError', from: 'domainErrors' },
      conflict: { name: 'ConflictError', from: 'domainErrors' },
      invalid: { name: 'InvalidValueError', from: 'domainErrors' },
    };
  const view = ({ name, path }: ProjectError) => ({ name, from: `error ${path}` });
  return {
    isOwn: true,
    hasResponse: own.hasResponse,
    // Elysia answers those that a handler throws, by their status.
    isThrown: !own.hasResponse,
    // Elysia has a class of this name too.
    isShadowing: [own.base, own.invalid].some(({ name }) => name === 'ValidationError'),
    base: view(own.base),
    notFound: view(own.notFound),
    conflict: view(own.conflict),
    invalid: view(own.invalid),
  };
}

/** The files of the errors, by the names that the view gives them. */
export function errorTargets(own: ProjectErrors | undefined): Readonly<Record<string, string>> {
  if (own === undefined) return {};
  const { base, notFound, conflict, invalid } = own;
  return Object.fromEntries([base, notFound, conflict, invalid].map(({ path }) => [`error ${path}`, path]));
}
