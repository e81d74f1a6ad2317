import type { Finding } from './finding.ts';

/** What a rule says of one statement of a script. */
export interface Judgement {
  /** UTF-16 offset of the statement. */
  readonly start: number;
  readonly statement: string;
  readonly fix: string | undefined;
}

/** How fixes are looked at. */
export interface FixJudge {
  /** A script judged by one rule alone; nothing for a rule that only a rehearsal knows. */
  readonly judge: (sql: string, rule: string) => readonly Judgement[];
  /** What SQL does, each thing by its kind and the objects that it is about. */
  readonly deeds: (sql: string) => readonly string[];
  /** Whether the fixes of a rule bring about something else than the statement: no other fix is to hold one of them. */
  readonly decidesOtherwise: (rule: string) => boolean;
}

/** Characters that are read again, in all: what would take more is left to the reader. */
const MOST_READ = 500_000;

/**
 * Findings about one statement whose fixes would each write the others back: each but the first has, in `together`, the
 * fixes of those before it and its own in one. A fix is only put together with others where the rules are content with
 * what comes out and no two of them say where their parts go; else it is withheld. What writes the statement otherwise
 * goes before what adds to it, and what is a step somewhere else (an index to be built before) writes nothing back.
 */
export function withTogether(
  sql: string,
  findings: readonly Finding[],
  { judge, deeds, decidesOtherwise }: FixJudge,
): readonly Finding[] {
  const places = new Map<string, Finding[]>();
  for (const finding of findings) {
    if (finding.fix === undefined || finding.statement === '') continue;
    const key = `${finding.line} ${finding.column}`;
    places.set(key, [...(places.get(key) ?? []), finding]);
  }
  const several = [...places.values()]
    .filter(isSeveral)
    .map((group) => group.filter((finding) => isReplacement(finding, deeds)))
    .filter(isSeveral);
  if (several.length === 0) return findings;
  let read = 0;
  const known = new Map<string, readonly Judgement[]>();
  const asked: FixJudge['judge'] = (text, rule) => {
    const key = `${rule} ${text === sql ? '' : text}`;
    const found = known.get(key);
    if (found) return found;
    read += text.length;
    const judged = judge(text, rule);
    if (text === sql) known.set(key, judged);
    return judged;
  };
  const composed = new Map<Finding, Finding>();
  for (const group of several) {
    const sorted = group.toSorted(
      (a, b) => Number(decidesOtherwise(a.rule)) - Number(decidesOtherwise(b.rule)) || byFix(a, b),
    );
    const start = read < MOST_READ ? offsetOf(sql, sorted[0]!) : undefined;
    const isThere = start !== undefined && sql.startsWith(sorted[0]!.statement, start);
    const together = isThere ? compose(sql, { start, group: sorted }, asked) : withheldAfterFirst(sorted);
    for (const [finding, next] of together) composed.set(finding, next);
  }
  // Those of one statement stand together already; here in the order in which their fixes are added.
  const moved = [...composed.keys()];
  const spots = findings.flatMap((finding, index) => (composed.has(finding) ? [index] : []));
  const result = [...findings];
  for (const [index, spot] of spots.entries()) result[spot] = composed.get(moved[index]!)!;
  return result;
}

const RANK = { error: 0, warning: 1, info: 2 };

function byFix(a: Finding, b: Finding): number {
  return RANK[a.severity] - RANK[b.severity] || Number(isAddition(a)) - Number(isAddition(b));
}

function isSeveral(group: readonly Finding[]): boolean {
  return new Set(group.map(({ fix }) => fix)).size > 1;
}

/** Whether a fix does what the statement does, in another way or with more beside it. */
function isReplacement(finding: Finding, deeds: FixJudge['deeds']): boolean {
  if (isAddition(finding)) return true;
  const done = deeds(finding.fix!);
  return deeds(finding.statement).every((deed) => done.includes(deed));
}

/** Whether a fix says where some of it goes: in another migration, outside a transaction. */
function hasPlaces({ fix = '', statement }: Finding): boolean {
  return /^\s*--/m.test(fix.replace(statement, ''));
}

/** Whether a fix leaves the statement as it is and puts something before or behind it. */
function isAddition({ fix = '', statement }: Finding): boolean {
  return fix.includes(statement);
}

interface Group {
  readonly start: number;
  readonly group: readonly Finding[];
}

function compose(sql: string, { start, group }: Group, judge: FixJudge['judge']): Map<Finding, Finding> {
  const [first, ...later] = group;
  const result = new Map<Finding, Finding>([[first!, first!]]);
  const whole = (text: string): string => replaced(sql, { start, length: first!.statement.length }, text);
  const within = (text: string, rule: string): Judgement[] =>
    judge(whole(text), rule).filter((each) => each.start >= start && each.start < start + text.length);
  let text = first!.fix!;
  const taken = [first!];
  const left = new Map<string, number>([[first!.rule, within(text, first!.rule).length]]);
  for (const finding of later) {
    const rules = taken.map(({ rule }) => rule);
    const isMixed = hasPlaces(finding) && taken.some(hasPlaces);
    const next = !isMixed && isFoundInSql(finding, start, sql, judge) ? fixed(text, finding) : undefined;
    const isUndone = next !== undefined && rules.some((rule) => within(next, rule).length > left.get(rule)!);
    if (next === undefined || isUndone) {
      result.set(finding, { ...finding, together: { fix: undefined, rules } });
      continue;
    }
    result.set(finding, { ...finding, together: { fix: next, rules } });
    text = next;
    taken.push(finding);
    left.set(finding.rule, within(text, finding.rule).length);
  }
  return result;

  /** The text with the fix of one more rule for what it finds there; undefined where that is not to be had. */
  function fixed(from: string, finding: Finding): string | undefined {
    const { rule, fix = '', statement } = finding;
    const found = within(from, rule);
    if (found.length === 0) {
      // Gone without being moved: the fixes before it have settled it.
      if (judge(whole(from), rule).length < judge(sql, rule).length) return from;
      return isAddition(finding) ? fix.replace(statement, () => from.replace(/;\s*$/, '')) : undefined;
    }
    const [hit] = found;
    if (hit?.fix === undefined) return undefined;
    return replaced(from, { start: hit.start - start, length: hit.statement.length }, hit.fix);
  }
}

/** What only a rehearsal has seen cannot be looked for again. */
function isFoundInSql(
  { rule, statement }: Finding,
  start: number,
  sql: string,
  judge: FixJudge['judge'],
): boolean {
  return judge(sql, rule).some((each) => each.start === start && each.statement === statement);
}

function withheldAfterFirst(group: readonly Finding[]): Map<Finding, Finding> {
  const rules = [group[0]!.rule];
  return new Map(
    group.map((finding, index) => [
      finding,
      index === 0 ? finding : { ...finding, together: { fix: undefined, rules } },
    ]),
  );
}

/** A text with SQL in the place of a statement, whose semicolon is not said twice. */
function replaced(text: string, { start, length }: { start: number; length: number }, sql: string): string {
  const rest = text.slice(start + length);
  return text.slice(0, start) + sql + (/;\s*$/.test(sql) ? rest.replace(/^\s*;/, '') : rest);
}

/** The offset of a line and column, counted from 1. */
function offsetOf(text: string, { line, column }: Pick<Finding, 'line' | 'column'>): number {
  let at = 0;
  for (let number = 1; number < line; number += 1) at = text.indexOf('\n', at) + 1;
  return at + column - 1;
}
