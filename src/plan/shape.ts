import { z } from 'zod';
import { DocumentSchema, type PlanDocument, type PlanPath } from './plan.ts';
import { PlanProblem } from './problem.ts';
import { didYouMean, listed } from './suggest.ts';
import { visible } from './visible.ts';
import type { Plain } from './yaml.ts';

type Issue = z.core.$ZodIssue;
type Schema = z.core.$ZodType;

/** Kinds of plan that the format knows and this version does not carry out. */
const NOT_YET = new Set(['backfill', 'projection']);

const KINDS: readonly string[] = DocumentSchema.options.map((option) => option.shape.migration_type.value);

/** Words that people write for a key that is called otherwise. */
const SYNONYMS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    columns: 'fields',
    table: 'table_name',
    tablename: 'table_name',
    type_name: 'enum_name',
    enum: 'enum_name',
    column: 'field',
    domain: 'domain_name',
    cascade: 'on_delete',
    null: 'nullable',
    required: 'nullable',
    kind: 'type',
    method: 'using',
    condition: 'where',
    add_fields: 'add_columns',
    drop_fields: 'drop_columns',
    to: 'new_name',
    not_null: 'nullable',
    modify_fields: 'modify_columns',
    alter_columns: 'modify_columns',
    remove_columns: 'drop_columns',
    labels: 'values',
  }),
);

/**
 * Brings a document's plain data into the shape of the format. Throws PlanProblem for the first thing, in the order
 * of the text (`offsetOf`), that does not fit: an unknown key, a missing one, a value of another kind.
 */
export function shapeDocument(
  value: Plain,
  index: number,
  offsetOf: (problem: PlanProblem) => number,
): PlanDocument {
  const document = withNewName(requireKeys(value, index), index);
  requireKind(document, index);
  const result = DocumentSchema.safeParse(document);
  if (result.success) return result.data;
  const problems = withoutMisspelled(result.error.issues).flatMap((issue) =>
    problemsOf(issue, document, index),
  );
  const [first] = problems
    .map((problem) => ({ problem, offset: offsetOf(problem) }))
    .toSorted((a, b) => a.offset - b.offset);
  throw first?.problem ?? new PlanProblem([index], 'not a plan');
}

/** A key that is missing where another one is unknown was most likely misspelled: that one is told. */
function withoutMisspelled(issues: readonly Issue[]): readonly Issue[] {
  const owners = new Set(
    issues.filter((issue) => issue.code === 'unrecognized_keys').map((issue) => JSON.stringify(issue.path)),
  );
  return issues.filter(
    (issue) => issue.code === 'unrecognized_keys' || !owners.has(JSON.stringify(issue.path.slice(0, -1))),
  );
}

type Keys = { [key: string]: Plain };

function requireKeys(value: Plain, index: number): Keys {
  if (isKeys(value)) return value;
  throw new PlanProblem([index], `a plan is keys and values, not ${kindOf(value)}`, {
    hint: "It starts with migration_type: 'new_table' (or another kind).",
  });
}

function isKeys(value: unknown): value is Keys {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function requireKind(document: Keys, index: number): void {
  const kind = document['migration_type'];
  if (kind === undefined)
    throw new PlanProblem([index], 'migration_type is missing', {
      hint: `It is one of ${listed(KINDS, 'or')}.`,
    });
  const path = [index, 'migration_type'];
  if (typeof kind !== 'string')
    throw new PlanProblem(path, `migration_type: expected text, not ${kindOf(kind)}`);
  if (NOT_YET.has(kind))
    throw new PlanProblem(path, `migration_type "${kind}" is not supported yet`, {
      code: 'plan-not-supported',
    });
  if (!KINDS.includes(kind))
    throw new PlanProblem(path, `unknown migration_type "${visible(kind)}"`, {
      hint: didYouMean(kind, KINDS),
    });
  if ('tenants' in document) {
    throw new PlanProblem([index], 'tenants is not supported yet', {
      code: 'plan-not-supported',
      key: 'tenants',
    });
  }
}

/** `migration_type: rename_table` takes its new name under `changes: {rename_table: …}` too. */
function withNewName(document: Keys, index: number): Keys {
  const { changes, ...rest } = document;
  if (
    document['migration_type'] !== 'rename_table' ||
    !isKeys(changes) ||
    Object.keys(changes).join() !== 'rename_table'
  )
    return document;
  if ('new_name' in rest) throw new PlanProblem([index], 'the new name is given twice', { key: 'changes' });
  return { ...rest, new_name: changes['rename_table'] ?? null };
}

function problemsOf(issue: Issue, document: Keys, index: number): PlanProblem[] {
  const path = [index, ...issue.path.map((step) => (typeof step === 'number' ? step : String(step)))];
  const value = valueAt(document, issue.path);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => unknownKey(path, key, knownKeys(document, issue.path)));
  if (value === undefined) return [missing(path)];
  return [unfit(issue, path, value)];
}

function unknownKey(path: PlanPath, key: string, known: readonly string[]): PlanProblem {
  const meant = SYNONYMS.get(key.toLowerCase());
  const hint =
    meant !== undefined && known.includes(meant) ? `Did you mean ${meant}?` : didYouMean(key, known);
  return new PlanProblem(path, `unknown key "${visible(key)}"`, { key, hint });
}

function missing(path: PlanPath): PlanProblem {
  return new PlanProblem(path.slice(0, -1), `${String(path.at(-1))} is missing`, {
    hint: `Add ${String(path.at(-1))}: …`,
  });
}

function unfit(issue: Issue, path: PlanPath, value: unknown): PlanProblem {
  const label = labelOf(path);
  if (value === null) return new PlanProblem(path, `${label}: no value`, { hint: nullHint(label) });
  if (issue.code === 'too_small')
    return new PlanProblem(path, `${label} is empty`, {
      hint: Array.isArray(value) ? 'It holds at least one entry.' : undefined,
    });
  if (issue.code === 'invalid_value' && typeof value === 'string') {
    const choices = issue.values.map(String);
    return new PlanProblem(path, `${label}: "${visible(value)}" is not one of ${listed(choices, 'or')}`, {
      hint: didYouMean(value, choices),
    });
  }
  if (issue.code === 'invalid_format' && typeof value === 'string') {
    const actions = ['no action', 'restrict', 'cascade', 'set null', 'set default'];
    return new PlanProblem(path, `${label}: "${visible(value)}" is no action of a foreign key`, {
      hint: didYouMean(value, actions),
    });
  }
  return new PlanProblem(path, `${label}: expected ${expectation(issue)}, not ${kindOf(value)}`, {
    hint: wrongKindHint(issue, label, value),
  });
}

function nullHint(label: string): string {
  if (label === 'default') return "Write default: 'NULL' in quotes, or leave the key out.";
  return 'Give it a value, or remove it.';
}

function expectation(issue: Issue): string {
  if (issue.code === 'invalid_value') return `one of ${listed(issue.values.map(String), 'or')}`;
  if (issue.code === 'invalid_union') return 'text';
  if (issue.code !== 'invalid_type') return issue.message;
  return WORDS.get(issue.expected) ?? issue.expected;
}

const WORDS: ReadonlyMap<string, string> = new Map([
  ['string', 'text'],
  ['array', 'a list'],
  ['object', 'keys and values'],
  ['boolean', 'true or false'],
  ['number', 'a number'],
]);

function wrongKindHint(issue: Issue, label: string, value: unknown): string | undefined {
  const expected = issue.code === 'invalid_type' ? issue.expected : undefined;
  const scalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  if (expected === 'array' && scalar) return `Write a list: ${label}: ['${visible(String(value))}']`;
  if (expected === 'string' && scalar) return `Quote it: '${visible(String(value))}'`;
  if (expected === 'boolean' && typeof value === 'string')
    return `Write ${label}: true or ${label}: false, without quotes.`;
  return undefined;
}

function kindOf(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'keys and values';
  if (typeof value === 'string') return `the text "${visible(value.slice(0, 40))}"`;
  return `the ${typeof value === 'number' ? 'number' : 'word'} ${String(value)}`;
}

/** What a path points at: `fields`, or `constraints entry 2` inside a list. */
function labelOf(path: PlanPath): string {
  const last = path.at(-1);
  return typeof last === 'number'
    ? `${String(path.findLast((step) => typeof step === 'string'))} entry ${last + 1}`
    : String(last);
}

function valueAt(document: Keys, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, step) => (typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined),
    document,
  );
}

/** The keys that the format has at a path of a document of this kind. */
function knownKeys(document: Keys, path: readonly PropertyKey[]): string[] {
  const option = DocumentSchema.options.find(
    (candidate) => candidate.shape.migration_type.value === document['migration_type'],
  );
  const schema = path.reduce<Schema | undefined>((current, step) => stepInto(current, step), option);
  const inner = unwrap(schema);
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

function stepInto(schema: Schema | undefined, step: PropertyKey): Schema | undefined {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodObject)
    return Object.hasOwn(inner.shape, step) ? (inner.shape[String(step)] as Schema) : undefined;
  return inner instanceof z.ZodArray ? inner.element : undefined;
}

function unwrap(schema: Schema | undefined): Schema | undefined {
  return schema instanceof z.ZodOptional ? unwrap(schema.unwrap()) : schema;
}
