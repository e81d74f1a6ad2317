import { describe, expect, it } from 'vitest';
import { removeStatement } from '../../src/schema/statement-removal.ts';
import { applyEdits } from '../../src/schema/text-edit.ts';

function remove(text: string, ...statements: string[]): string {
  const edits = statements.map((statement) =>
    removeStatement(text, {
      start: text.indexOf(statement),
      end: text.indexOf(statement) + statement.length,
    }),
  );
  return applyEdits(text, edits);
}

describe('a statement goes with its lines, its comments and one blank line', () => {
  it.each([
    ['const a = 1;\n\nconst b = 2;\n\nconst c = 3;\n', 'const b = 2;', 'const a = 1;\n\nconst c = 3;\n'],
    [
      'const a = 1;\n\n// about b\nconst b = 2; // two\n\nconst c = 3;\n',
      'const b = 2;',
      'const a = 1;\n\nconst c = 3;\n',
    ],
    ['const a = 1;\n\n/**\n * about b\n */\nconst b = 2;\n', 'const b = 2;', 'const a = 1;\n'],
    [
      'const a = 1;\n\n// a section\n\nconst b = 2;\nconst c = 3;',
      'const b = 2;',
      'const a = 1;\n\n// a section\n\nconst c = 3;',
    ],
    ['const a = 1;\r\n\r\nconst b = 2;\r\n', 'const b = 2;', 'const a = 1;\r\n'],
    ['const b = 2;\n', 'const b = 2;', ''],
    ['// the file\nconst b = 2;\nconst c = 3;\n', 'const b = 2;', '// the file\nconst c = 3;\n'],
  ])('%j', (before, statement, after) => {
    expect(remove(before, statement)).toBe(after);
  });

  it('several that stand together at the end of the file', () => {
    expect(remove('const a = 1;\n\nconst b = 2;\n\nconst c = 3;\n', 'const b = 2;', 'const c = 3;')).toBe(
      'const a = 1;\n',
    );
  });
});
