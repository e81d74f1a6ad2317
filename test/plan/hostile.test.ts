import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { TableplanError } from '../../src/errors.ts';
import { parsePlan } from '../../src/plan/parse.ts';
import { readWords } from '../../src/plan/words.ts';
import { loadSqlParser } from '../../src/postgres/sql.ts';

const reference = readFileSync(
  new URL('../../examples/drizzle-shop/plans/products.yaml', import.meta.url),
  'utf8',
);
const pieces = fc.constantFrom(
  "'",
  '"',
  '\n',
  '  ',
  ':',
  '-',
  '[',
  '{',
  '#',
  '&a',
  '*a',
  '|',
  '>',
  '!',
  '%',
  '@',
  '`',
  '\\',
  '😀',
  '(',
  ')',
  ';',
  '--',
  '/*',
  'null',
  '---\n',
  '...\n',
  '? ',
  '<<: ',
  '\t',
  '\r',
  '\u2028',
  '$$',
);

beforeAll(() => loadSqlParser());

async function onlyOurError(run: () => unknown): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof TableplanError)) throw error;
    expect(error.exitCode).toBeGreaterThan(1);
    expect(error.at?.line ?? 1).toBeGreaterThan(0);
    expect(error.at?.column ?? 1).toBeGreaterThan(0);
    expect(`${error.message}${error.hint ?? ''}${error.frame ?? ''}`).not.toMatch(
      /[\0-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]/,
    );
  }
}

describe('whatever is given, it is a plan or an error of ours', () => {
  it('a plan with something put into it or cut out of it', async () => {
    const spot = fc.nat(reference.length);
    await fc.assert(
      fc.asyncProperty(spot, fc.nat(12), fc.array(pieces, { maxLength: 3 }), async (at, cut, put) => {
        await onlyOurError(() =>
          parsePlan(reference.slice(0, at) + put.join('') + reference.slice(at + cut), { file: 'p.yaml' }),
        );
      }),
      { numRuns: 600 },
    );
  });

  it('any text as a type, a constraint, a default, a check and a name', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join('')),
    );
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.constantFrom('name', 'type', 'default', 'check', 'references', 'description'),
        async (value, key) => {
          const field = { name: 'a', type: 'text', [key]: value };
          const plan = JSON.stringify({
            migration_type: 'new_table',
            table_name: 't',
            fields: [{ ...field, constraints: key === 'check' ? [value] : [] }],
          });
          await onlyOurError(() => parsePlan(plan, { file: 'p.json' }));
        },
      ),
      { numRuns: 600 },
    );
  });

  it('any words', async () => {
    const context = {
      tables: [{ schema: 'public', name: 'products', columns: ['id', 'price'], foreignKeys: [] }],
    };
    const part = fc.constantFrom(
      'Add',
      'To',
      'Products',
      'Price',
      'On',
      'Index',
      'Rename',
      'In',
      'Table',
      'And',
      'Remove',
      'From',
      'Foreign',
      'Key',
      'Cascade',
      'Delete',
      'Create',
      'Unique',
      'Make',
      'Null',
    );
    const name = fc.oneof(
      fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('')),
      fc.string({ maxLength: 8 }),
    );
    const word = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom(
        'a:int',
        'price',
        'a:int!=0:index',
        'a:ref(products)',
        'a:text:ref(products.id,cascade)',
      ),
    );
    await fc.assert(
      fc.asyncProperty(name, fc.array(word, { maxLength: 3 }), async (first, rest) => {
        await onlyOurError(() => readWords([first, ...rest], context));
      }),
      { numRuns: 1000 },
    );
  });
});
