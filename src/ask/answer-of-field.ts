import type { Plan } from '../plan/plan.ts';
import type { KeptAnswer } from '../workspace/drafts.ts';

/**
 * The question whose answer a place in a plan comes from: what was wrong is asked again, and nothing else. `field` is a place
 * as errors name it. Undefined where no answer is found for it.
 *
 * @example answerOfField('fields[2].type', plan, answers) // 'column.1.typed'
 */
export function answerOfField(
  field: string | undefined,
  plan: Plan | undefined,
  answers: readonly KeptAnswer[],
): string | undefined {
  const keys = new Set(answers.map(({ key }) => key));
  const firstOf = (...candidates: readonly string[]): string | undefined =>
    candidates.find((key) => keys.has(key));
  const [, detail] = DETAIL.exec(field ?? '') ?? [];
  const detailed = detail && answers.findLast(({ key }) => key.split('.').includes(detail));
  if (detailed) return detailed.key;
  const name = nameAt(field, plan);
  const column = answers.find(({ key, answer }) => /\.(?:name|column)$/.test(key) && answer === name);
  if (column && name !== undefined) {
    const base = column.key.replace(/\.\w+$/, '');
    if (/type\b/.test(field ?? '')) return firstOf(`${base}.type`, column.key);
    if (/default|constraints/.test(field ?? ''))
      return firstOf(`${base}.default`, `${base}.options`, column.key);
    if (/references|foreign/.test(field ?? '')) return firstOf(`${base}.type`, column.key);
    return column.key;
  }
  const expression = answers.findLast(({ key }) => /\.(?:expression|where)$/.test(key));
  if (/checks|where|expression/.test(field ?? '') && expression) return expression.key;
  const columns = answers.findLast(({ key }) => key.endsWith('.columns'));
  if (/(?:indexes|unique|foreign_keys|primary_key)\b/.test(field ?? '') && columns) return columns.key;
  if (/enum_name/.test(field ?? '')) return firstOf('enum', 'existing');
  if (/values/.test(field ?? '')) return answers.findLast(({ key }) => key.endsWith('values'))?.key;
  return firstOf('to', 'table', 'existing', 'enum');
}

/** Keys of a plan that have a question of their own, which is called as they are. */
const DETAIL = /\.(using|order|opclass|include|deferrable|pattern)\b/;

/** The name of the column that a field belongs to. */
function nameAt(field: string | undefined, plan: Plan | undefined): string | undefined {
  const [, list, index] = /(\w+)\[(\d+)\]/.exec(field ?? '') ?? [];
  const [, number] = /, document (\d+)$/.exec(field ?? '') ?? [];
  const document = plan?.documents[number === undefined ? 0 : Number(number) - 1];
  if (list === undefined || document === undefined) return undefined;
  const holder = (field ?? '').startsWith('changes.') && 'changes' in document ? document.changes : document;
  const entry = (holder as Readonly<Record<string, unknown>>)[list];
  const item: unknown = Array.isArray(entry) ? entry[Number(index)] : undefined;
  if (typeof item !== 'object' || item === null) return typeof item === 'string' ? item : undefined;
  const { name, field: column, from } = item as Readonly<Record<string, unknown>>;
  const found = name ?? column ?? from;
  return typeof found === 'string' ? found : undefined;
}
