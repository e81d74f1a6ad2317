import { expect, it } from 'vitest';
import { mergeImports } from '../../src/crud/merge-imports.ts';

it('imports of one module are one line, sorted; what one line has stays in its order', () => {
  const lines = (...all: readonly string[]): string => `${all.join('\n')}\n\nrun();\n`;
  expect(
    mergeImports(
      lines(
        "import { Router, type App } from './x';",
        "import type { B } from './x';",
        "import { b, a } from './y';",
        "import { answer } from './x';",
        "import type { A } from './x';",
      ),
    ),
  ).toBe(
    lines(
      "import { answer, type App, Router } from './x';",
      "import type { A, B } from './x';",
      "import { b, a } from './y';",
    ),
  );
});
