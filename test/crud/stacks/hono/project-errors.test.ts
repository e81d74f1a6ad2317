import { describe, expect, it } from 'vitest';
import { findProjectErrors, thrown } from '../../../../src/crud/stacks/hono/project-errors.ts';
import { projectOf } from '../../in-memory.ts';

const APP = `import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { AppError } from './errors.js';

export const app = new Hono();
app.onError((error, c) => error instanceof AppError ? c.json({}, error.status) : c.json({}, 500));
`;
const BASE = `import { HTTPException } from 'hono/http-exception';
export class AppError extends Error {
  constructor(message: string, readonly status: number, readonly details?: unknown) { super(message); }
}
`;
/** Classes of the three, each with one for its status. */
const each = (
  body: (status: number) => string,
  parent = 'AppError',
  names: readonly string[] = ['NotFoundError', 'ConflictError', 'ValidationError'],
): string =>
  names
    .map((name, index) => `export class ${name} extends ${parent} { ${body([404, 409, 400][index]!)} }\n`)
    .join('');

/** What is thrown for what is not there, what is taken and what is invalid; undefined where that is not known. */
const errorsOf = (errors: string, app = APP): readonly string[] | undefined => {
  const project = projectOf({ 'app.ts': app, 'errors.ts': errors });
  const found = findProjectErrors(project, { ofDomains: new Set() });
  return (
    found &&
    [found.notFound, found.conflict, found.invalid].map((error) =>
      thrown(error, { message: 'message', what: 'Brand' }),
    )
  );
};

const BY_MESSAGE = [
  'new NotFoundError(message)',
  'new ConflictError(message)',
  'new ValidationError(message)',
];

describe('errors of an application that its onError answers with their status are made as their constructors say', () => {
  it.each<[string, string, readonly string[]]>([
    [
      'with a message',
      each((status) => `constructor(message: string) { super(message, ${status}); }`),
      BY_MESSAGE,
    ],
    [
      'with a message that may be left out, and details',
      each(
        (status) => `constructor(message = 'No', details?: unknown) { super(message, ${status}, details); }`,
      ),
      BY_MESSAGE,
    ],
    [
      'with a message whose default is another',
      each((status) => `constructor(message?: string) { super(message ?? 'No', ${status}); }`),
      BY_MESSAGE,
    ],
    [
      'with a status of their own',
      each(
        (status) =>
          `override readonly status = ${status}; constructor(message: string) { super(message, 500); }`,
      ),
      BY_MESSAGE,
    ],
    [
      'with a status by its name',
      each(
        (status) =>
          `constructor(message: string) { super(message, Status.${{ 404: 'NOT_FOUND', 409: 'CONFLICT', 400: 'BAD_REQUEST' }[status]}); }`,
      ),
      BY_MESSAGE,
    ],
    [
      'of one class, with the status',
      '',
      ['new AppError(message, 404)', 'new AppError(message, 409)', 'new AppError(message, 400)'],
    ],
    [
      'of one class, for those that have none',
      'export class NotFoundError extends AppError { constructor(resource: string) { super(`No ${resource}`, 404); } }\n',
      ["new NotFoundError('Brand')", 'new AppError(message, 409)', 'new AppError(message, 400)'],
    ],
    [
      'by another name, of which the one that is thrown most is taken',
      `${each((status) => `constructor(message: string) { super(message, ${status}); }`, 'AppError', ['ResourceNotFoundException', 'AlreadyExistsError', 'BadRequestError'])}
export class UnprocessableEntityError extends AppError { constructor(message: string) { super(message, 422); } }
export const refuse = (): never => { throw new UnprocessableEntityError('No'); };\n`,
      [
        'new ResourceNotFoundException(message)',
        'new AlreadyExistsError(message)',
        'new UnprocessableEntityError(message)',
      ],
    ],
  ])('%s', (_, classes, expected) => {
    expect(errorsOf(BASE + classes)).toEqual(expected);
  });

  it.each<[string, string, readonly string[]]>([
    [
      'with a message in its options',
      each((status) => `constructor(message: string) { super(${status}, { message }); }`, 'HTTPException'),
      BY_MESSAGE,
    ],
    [
      'with options that are passed on',
      each(
        (status) => `constructor(options?: { message?: string }) { super(${status}, options); }`,
        'HTTPException',
      ),
      BY_MESSAGE.map((code) => code.replace('message', '{ message: message }')),
    ],
    [
      'without a constructor',
      'export class ApiException extends HTTPException {}\n',
      [404, 409, 400].map((status) => `new ApiException(${status}, { message: message })`),
    ],
  ])('as an HTTPException %s', (_, classes, expected) => {
    const app = APP.replaceAll('AppError', 'HTTPException').replace(
      /import \{ HTTPException \} from '.\/.*\n/,
      '',
    );
    expect(errorsOf(BASE + classes, app)).toEqual(expected);
  });

  it.each<[string, string]>([
    [
      'want something else first',
      each((status) => `constructor(code: string, message: string) { super(message, ${status}); }`),
    ],
    [
      'take one object',
      each((status) => `constructor({ message }: { message: string }) { super(message, ${status}); }`),
    ],
    ['have no status', each(() => 'constructor(message: string) { super(message, 0); }')],
    ['compute it', each(() => "constructor(message: string) { super(message, statusOf('x')); }")],
    [
      'have it by a getter',
      each(
        (status) =>
          `get status() { return ${status}; } constructor(message: string) { super(message, ${status}); }`,
      ),
    ],
    ['extend what a package has', each((status) => `status = ${status};`, 'PackageError')],
    [
      'are not exported',
      each((status) => `constructor(message: string) { super(message, ${status}); }`).replaceAll(
        'export ',
        '',
      ),
    ],
  ])('but not where they %s', (_, classes) => {
    const base = BASE.replace('export class', 'export abstract class');
    expect(errorsOf(`import { PackageError } from 'a-package';\n${base}${classes}`)).toBeUndefined();
  });

  it.each<[string, string]>([
    ['does not know them', APP.replace('error instanceof AppError', 'error instanceof TypeError')],
    ['answers them otherwise', APP.replace('c.json({}, error.status)', 'c.json({}, 400)')],
    ['is not there', APP.replace('app.onError', 'app.notFound')],
    ['is that of a package', APP.replace(/app\.onError.*/, 'app.onError(onError);')],
  ])('nor where onError %s', (_, app) => {
    const classes = each((status) => `constructor(message: string) { super(message, ${status}); }`);
    expect(errorsOf(BASE + classes)).toEqual(BY_MESSAGE);
    expect(errorsOf(BASE + classes, app)).toBeUndefined();
  });
});
