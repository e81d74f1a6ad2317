import type { Constraint, Node } from 'libpg-query';
import { parseSql } from '../postgres/parse.ts';
import { utf16OffsetsByByte } from '../postgres/parser.ts';

/** `ADD COLUMN a int CHECK (a > 0) NOT NULL` taken apart: what is before the constraints, and each of them as written. */
export interface ColumnText {
  readonly head: string;
  readonly constraints: readonly { readonly type: Constraint['contype']; readonly text: string }[];
}

const HEAD = 'ALTER TABLE t ';

/** Takes the command of an ADD COLUMN apart. */
export function columnText(command: string): ColumnText {
  if (newest?.command !== command) newest = { command, text: readColumn(command) };
  return newest.text;
}

/** One kind of constraint after the other is taken out of the same command. */
let newest: { readonly command: string; readonly text: ColumnText } | undefined;

function readColumn(command: string): ColumnText {
  const constraints = constraintsOf(command);
  const offsets = utf16OffsetsByByte(command);
  const startOf = (constraint: Constraint | undefined) =>
    constraint ? (offsets[(constraint.location ?? 0) - HEAD.length] ?? command.length) : command.length;
  return {
    head: command.slice(0, startOf(constraints[0])).trimEnd(),
    constraints: constraints.map((constraint, index) => ({
      type: constraint.contype,
      text: command.slice(startOf(constraint), startOf(constraints[index + 1])).trim(),
    })),
  };
}

/** The command without its constraints of one type, and the texts of those, without the names that they have. */
export function withoutConstraints(
  command: string,
  type: Constraint['contype'],
): { readonly column: string; readonly taken: readonly string[] } {
  const { head, constraints } = columnText(command);
  const kept: string[] = [];
  const taken: string[] = [];
  let isTaking = false;
  for (const constraint of constraints) {
    // DEFERRABLE and the like belong to what is before them.
    const isAttribute = constraint.type?.startsWith('CONSTR_ATTR') === true;
    if (!isAttribute) isTaking = constraint.type === type;
    if (!isTaking) kept.push(constraint.text);
    else if (isAttribute) taken.push(`${taken.pop() ?? ''} ${constraint.text}`);
    else taken.push(withoutName(constraint.text));
  }
  return { column: [head, ...kept].join(' '), taken };
}

/** `CONSTRAINT positive CHECK (a > 0)` → `CHECK (a > 0)` */
export function withoutName(constraint: string): string {
  return constraint.replace(/^constraint\s+(?:"(?:[^"]|"")*"|[^\s"]+)\s*/i, '').trim();
}

function constraintsOf(command: string): Constraint[] {
  const statement = parseSql(`${HEAD}${command}`)[0]?.stmt;
  const first = statement && 'AlterTableStmt' in statement ? statement.AlterTableStmt.cmds?.[0] : undefined;
  const column = first && 'AlterTableCmd' in first ? first.AlterTableCmd.def : undefined;
  if (!column || !('ColumnDef' in column)) return [];
  return (column.ColumnDef.constraints ?? []).flatMap((node: Node) =>
    'Constraint' in node ? [node.Constraint] : [],
  );
}
