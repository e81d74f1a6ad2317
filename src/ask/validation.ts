import type { PlanValidation } from '../plan/plan.ts';
import type { PartQuestions } from './table-parts.ts';

type Rule = keyof PlanValidation;

interface RuleQuestion {
  readonly rule: Rule;
  readonly name: string;
  readonly isFor: 'number' | 'text';
}

const RULES: readonly RuleQuestion[] = [
  { rule: 'min', name: 'smallest value', isFor: 'number' },
  { rule: 'max', name: 'largest value', isFor: 'number' },
  { rule: 'min_length', name: 'shortest text', isFor: 'text' },
  { rule: 'max_length', name: 'longest text', isFor: 'text' },
  { rule: 'pattern', name: 'regular expression', isFor: 'text' },
  { rule: 'format', name: 'format: email or url', isFor: 'text' },
];

const NUMBER = /^(?:smallint|integer|int\d?|bigint|numeric|decimal|real|double precision|float\d?)\b/i;

/** What the code of `crud` accepts as the value of a column, beyond what its type says. */
export async function askValidation(
  { asker, key, panel }: PartQuestions,
  column: { readonly name: string; readonly type: string },
): Promise<PlanValidation> {
  const kind = NUMBER.test(column.type) ? 'number' : 'text';
  const chosen = await asker.checkbox<RuleQuestion>({
    key: `${key}.validation`,
    panel,
    message: `What the code accepts as ${column.name}`,
    choices: RULES.filter(({ isFor }) => isFor === kind).map((value) => ({ name: value.name, value })),
    default: [],
    validate: (rules) => rules.length > 0 || 'Choose at least one (space selects).',
  });
  const entries: [Rule, string | number][] = [];
  for (const { rule, name } of chosen) {
    const text = await asker.input({
      key: `${key}.validation.${rule}`,
      panel,
      message: `${column.name}, ${name}`,
      validate: (typed) => problemOf(rule, typed.trim()) ?? true,
    });
    const isText = rule === 'pattern' || rule === 'format';
    entries.push([rule, isText ? text.trim() : Number(text.trim())]);
  }
  return Object.fromEntries(entries) as PlanValidation;
}

function problemOf(rule: Rule, text: string): string | undefined {
  switch (rule) {
    case 'format':
      return /^(?:email|url)$/.test(text) ? undefined : 'It is email or url.';
    case 'pattern':
      return patternProblem(text);
    case 'min':
    case 'max':
      return text !== '' && Number.isFinite(Number(text)) ? undefined : 'It is a number.';
    case 'min_length':
    case 'max_length':
      return /^\d+$/.test(text) ? undefined : 'It is a whole number.';
  }
}

function patternProblem(text: string): string | undefined {
  if (text === '') return 'An expression is needed, such as ^[a-z]+$';
  try {
    RegExp(text);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
