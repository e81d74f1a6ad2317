import { ts } from '../compiler.cjs';
import type { Run } from './context.ts';
import { isRenamed } from './draft.ts';

/** SQL of a whole statement or a clause, as `@VirtualColumn`, query builders and raw queries have it. */
const SQL = /\b(select|update|insert\s+into|delete\s+from|from|join|where|order\s+by|group\s+by)\b/i;

/** Decorators whose SQL follows a rename by itself. */
const FOLLOWED = /^@(\w+\.)?(Check|Index|Column|Exclusion)\b/;

/** Tells where texts of SQL still name a column or a table that the plan renames: nobody can edit those safely. */
export function tellSql(run: Run): void {
  for (const draft of run.drafts.all) {
    if (draft.isDropped || draft.entity === undefined) continue;
    const { table } = draft.entity;
    if (table.name !== draft.name.name)
      tell(run, { from: table.name, to: draft.name.name, what: 'the table' });
    for (const column of draft.columns)
      if (!column.isDropped && isRenamed(column))
        tell(run, {
          from: column.before.name,
          to: column.def.name,
          what: `the column of ${draft.name.name}`,
        });
  }
}

interface Renamed {
  readonly from: string;
  readonly to: string;
  readonly what: string;
}

function tell({ editing }: Run, { from, to, what }: Renamed): void {
  const word = new RegExp(`(?<![\\w$])${from.replaceAll(/[^\w]/g, String.raw`\$&`)}(?![\\w$])`);
  for (const file of editing.sources.filesWith(from)) {
    const visit = (node: ts.Node): void => {
      if (ts.isDecorator(node) && FOLLOWED.test(node.getText(file.ast))) return;
      const text =
        ts.isTemplateExpression(node) || ts.isStringLiteralLike(node) ? node.getText(file.ast) : '';
      if (SQL.test(text) && word.test(text))
        editing.notice({
          severity: 'warning',
          rule: 'renamed-in-sql',
          message: `${what} is called ${to} now, and this SQL may still say ${from}: change it by hand`,
          file: file.path,
          line: file.text.slice(0, node.getStart(file.ast)).split('\n').length,
        });
      else ts.forEachChild(node, visit);
    };
    visit(file.ast);
  }
}
