import { describe, expect, it } from 'vitest';
import { editImports } from '../../src/schema/imports.ts';
import { importLine } from '../../src/schema/import-line.ts';
import { importWidthOf } from '../../src/schema/line-width.ts';
import { parseFile } from '../../src/schema/parse.ts';
import { readStyle } from '../../src/schema/style.ts';

const TEXT = { module: 'drizzle-orm/pg-core', name: 'text', alias: 'text', isType: false };
const USERS = { module: './users', name: 'users', alias: 'users', isType: false };
const LINE = `import { text } from 'drizzle-orm/pg-core';\n`;

function edited(text: string, wanted: readonly (typeof TEXT)[], unused: readonly string[] = []): string {
  const file = parseFile('/p/a.ts', text, () => undefined);
  return editImports(file, wanted, new Set(unused), readStyle(text || LINE));
}

describe('the first import of a file', () => {
  it.each([
    ['an empty file', '', LINE],
    ['a blank one', '\n\n', LINE],
    ['below a comment that stands apart', '// a\n\nconst b = 1;\n', `// a\n\n${LINE}\nconst b = 1;\n`],
    ['above a comment of what follows', '// a\nconst b = 1;\n', `${LINE}\n// a\nconst b = 1;\n`],
    ['below a comment that is all there is', '// a\n', `// a\n\n${LINE}`],
    ['below a directive', `'use server';\n\nconst b = 1;\n`, `'use server';\n\n${LINE}\nconst b = 1;\n`],
    [
      'below directives without a gap',
      `'use a';\n'use b';\nconst c = 1;\n`,
      `'use a';\n'use b';\n\n${LINE}\nconst c = 1;\n`,
    ],
    ['where blank lines were', '\n\nconst b = 1;\n', `\n${LINE}\nconst b = 1;\n`],
  ])('stands in %s', (_, before, after) => {
    expect(edited(before, [TEXT])).toBe(after);
  });
});

describe('an import that goes', () => {
  it.each([
    [
      'takes the blank line below it along',
      `${LINE}\nimport { b } from './b';\n\nconst c = text;\n`,
      `${LINE}\nconst c = text;\n`,
    ],
    ['leaves no blank line at the top', `import { b } from './b';\n\nconst c = 1;\n`, 'const c = 1;\n'],
    [
      'leaves another one on its line',
      `import { b } from './b'; ${LINE}const c = text;\n`,
      ` ${LINE}const c = text;\n`,
    ],
    [
      'takes its comment along',
      `${LINE}import { b } from './b'; // b\nconst c = text;\n`,
      `${LINE}const c = text;\n`,
    ],
  ])('%s', (_, before, after) => {
    expect(edited(before, [], ['b'])).toBe(after);
  });

  it('gives its place to those that come', () => {
    expect(edited(`import { b } from './b';\n\nconst c = 1;\n`, [TEXT, USERS], ['b'])).toBe(
      `${LINE}import { users } from './users';\n\nconst c = 1;\n`,
    );
    expect(
      edited(`import { b } from './b';\n\nimport { d } from './d';\n\nconst c = d;\n`, [USERS], ['b']),
    ).toBe(`import { d } from './d';\nimport { users } from './users';\n\nconst c = d;\n`);
  });
});

describe('a new import line', () => {
  const NAMES = [
    'Column',
    'CreateDateColumn',
    'Entity',
    'Index',
    'JoinColumn',
    'ManyToOne',
    'PrimaryGeneratedColumn',
    'Unique',
  ];
  const line = `import { ${NAMES.join(', ')} } from 'typeorm';`;
  const written = (neighbour: string) =>
    importLine(
      'typeorm',
      NAMES.map((name) => ({ module: 'typeorm', name, alias: name, isType: false })),
      { ...readStyle(''), importWidth: importWidthOf([neighbour]) },
    );

  it('is as long as those of the neighbours', () => {
    expect(line.length).toBeGreaterThan(120);
    expect(written(`import { ${'a'.repeat(120)} } from 'b';\n`)).toBe(line);
  });

  it('is broken where it is longer than usual, or than those of neighbours that break theirs', () => {
    expect(written(`import { a } from 'b';\n`)).toContain('import {\n  Column,\n');
    expect(importWidthOf([`import {\n  a,\n} from 'b';\nimport { c } from 'd';\n`])).toBe(80);
    expect(importWidthOf([''])).toBe(120);
  });
});
