import type { Finding } from './finding.ts';
import type { AllowedFinding, Review } from './review.ts';
import type { Script, Statement } from './rule.ts';

const DIRECTIVE = /^\s*--\s*tableplan:allow\s+([a-z0-9-]+)[ \t]*(.*)$/;

interface Allowance {
  readonly rule: string;
  readonly reason: string;
  readonly line: number;
  readonly statement: Statement;
}

/**
 * Takes out what `-- tableplan:allow <rule> <reason>` on the lines right before a statement lets pass. One without a
 * reason lets nothing pass and is a finding itself.
 */
export function allowances(
  sql: string,
  script: Script,
  findings: readonly Finding[],
  file: string | undefined,
): Pick<Review, 'findings' | 'allowed'> {
  const directives = readDirectives(sql, script);
  if (directives.length === 0) return { findings, allowed: [] };
  const reasons = new Map<string, string>();
  for (const { rule, reason, statement } of directives) {
    // What is said of the migration as a whole stands at no statement.
    for (const key of [`${rule} ${statement.line}`, rule]) {
      if (reason !== '' && !reasons.has(key)) reasons.set(key, reason);
    }
  }
  const reasonFor = ({ rule, statement, line }: Finding) =>
    reasons.get(statement === '' ? rule : `${rule} ${line}`);
  const allowed: AllowedFinding[] = [];
  const kept: Finding[] = [];
  for (const finding of findings) {
    const reason = reasonFor(finding);
    if (reason === undefined) kept.push(finding);
    else allowed.push({ ...finding, allowed: reason });
  }
  const unexplained = directives
    .filter(({ reason }) => reason === '')
    .map(({ rule, line, statement }): Finding => ({
      rule: 'allow-without-reason',
      severity: 'warning',
      message: `\`tableplan:allow ${rule}\` gives no reason and lets nothing pass: the record needs one.`,
      fix: `-- tableplan:allow ${rule} why it is safe here`,
      statement: statement.text,
      objects: [],
      ...(file !== undefined && { file }),
      line,
      column: 1,
      observed: false,
    }));
  return { findings: [...kept, ...unexplained], allowed };
}

/** Statements with the reasons above them for which findings pass; of the whole migration above the first. */
export function withAllowComments(
  statements: readonly string[],
  overridden: readonly { readonly rule: string; readonly statement: string; readonly reason: string }[],
): string[] {
  return statements.map((text, index) => {
    const own = overridden.filter(({ statement }) =>
      statement === '' ? index === 0 : statements.findIndex((each) => each.includes(statement)) === index,
    );
    const lines = own.map(({ rule, reason }) => `-- tableplan:allow ${rule} ${oneLine(reason)}`);
    return [...new Set(lines), text].join('\n');
  });
}

/** A reason is a person's text: it must not end the comment, nor divide the file for drizzle's migrator. */
function oneLine(reason: string): string {
  return reason.replaceAll(/\s+/g, ' ').replaceAll('-->', '->').trim();
}

function readDirectives(sql: string, script: Script): Allowance[] {
  if (!sql.includes('tableplan:allow')) return [];
  const lines = sql.split('\n');
  return script.statements.flatMap((statement, index) => {
    const found: Allowance[] = [];
    // What is above a line holds for all statements that begin in it, and is read once.
    if (script.statements[index - 1]?.line === statement.line) return found;
    for (let at = statement.line - 2; at >= 0 && /^\s*(--.*)?$/.test(lines[at] ?? ''); at -= 1) {
      const match = DIRECTIVE.exec(lines[at] ?? '');
      if (match) found.push({ rule: match[1]!, reason: (match[2] ?? '').trim(), line: at + 1, statement });
    }
    return found;
  });
}
