import { describeDifference } from '../postgres/catalog.ts';
import type { Finding, Severity } from '../review/finding.ts';
import { describeRowDifference, type Rehearsal } from './rehearse.ts';

/** A finding without its place: the rehearsal knows the statement by its number at most. */
interface Observation {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly fix?: string;
  /** Index of the statement in the way up. */
  readonly statement?: number;
  readonly objects?: readonly string[];
}

/** Where the statements of the way up stand in their file. */
export interface Place {
  readonly file: string | undefined;
  readonly statements: readonly {
    readonly text: string;
    readonly line: number;
    readonly column: number;
    readonly objects: readonly string[];
  }[];
}

/** What a rehearsal proved, as findings beside those of the rules; `isManual`: a person takes care of the way back. */
export function rehearsalFindings(
  rehearsal: Rehearsal,
  place: Place,
  options: { readonly isManual: boolean },
): Finding[] {
  return [
    ...wayUp(rehearsal),
    ...rehearsal.drift.map((difference): Observation => ({
      rule: 'unrelated-drift',
      severity: 'error',
      message: `The migration does not come to what the plan says: ${describeDifference(difference)}.`,
      objects: [nameOf(difference.object)],
    })),
    ...rehearsal.rows.map((difference): Observation => ({
      rule: 'values-changed',
      severity: 'error',
      message: `Stored values are not what they were: ${describeRowDifference(difference)}.`,
      objects: [difference.table, `${difference.table}.${difference.column ?? ''}`],
    })),
    ...(options.isManual ? [] : wayDown(rehearsal)),
    ...rehearsal.notTested.map((message): Observation => ({
      rule: 'not-rehearsed',
      severity: 'info',
      message,
    })),
  ].map((observation) => located(observation, place));
}

function wayUp(rehearsal: Rehearsal): Observation[] {
  const isSeeded = (name: string): boolean => rehearsal.seeded.some(({ table }) => table === name);
  const refused = rehearsal.refused.map(({ table, count, of, example, message, sqlstate }): Observation => ({
    rule: 'rows-refused',
    severity: isSeeded(table) ? 'error' : 'warning',
    message: isSeeded(table)
      ? `${count} of ${of} rows of ${table} in the dump make it fail (${sqlstate}: ${message}).`
      : `${count} of ${of} invented rows of ${table} make it fail (${sqlstate}: ${message})${example === undefined ? '' : `, such as ${example}`}. Are there such rows in production?`,
    objects: [table],
  }));
  const index = rehearsal.statements.findIndex(({ failure }) => failure !== undefined);
  const failure = rehearsal.statements[index]?.failure;
  if (rehearsal.up !== 'failed' || !failure) return refused;
  return [
    ...refused,
    {
      rule: 'rehearsal-failed',
      severity: 'error',
      message: `The migration fails: ${failure.message}${failure.detail ? ` (${failure.detail})` : ''} [${failure.sqlstate}].`,
      statement: index,
    },
  ];
}

function wayDown({ up, down, again, rollback, lost }: Rehearsal): Observation[] {
  if (up !== 'ok') return [];
  const what = lost.join('; ');
  const repeated: Observation[] =
    again === 'failed'
      ? [
          {
            rule: 'missing-or-wrong-down',
            severity: 'error',
            message: 'After the way down, the way up does not run again or does not come to the same.',
          },
        ]
      : [];
  if (rollback === 'exact') return repeated;
  if (rollback === 'schema-only') {
    return [
      ...repeated,
      {
        rule: 'irreversible',
        severity: 'warning',
        message: `The way down brings the schema back, not the rows: ${what}.`,
      },
    ];
  }
  if (down === 'not run') {
    return [{ rule: 'irreversible', severity: 'warning', message: 'There is no way down.' }];
  }
  return [
    ...repeated,
    {
      rule: 'missing-or-wrong-down',
      severity: 'error',
      message: `The way down does not lead back: ${what}`,
    },
  ];
}

function located(observation: Observation, { file, statements }: Place): Finding {
  const statement = statements[observation.statement ?? 0];
  return {
    rule: observation.rule,
    severity: observation.severity,
    message: observation.message,
    ...(observation.fix !== undefined && { fix: observation.fix }),
    statement: observation.statement === undefined ? '' : (statement?.text ?? ''),
    // What is said of the whole migration is about no single object.
    objects: observation.objects ?? (observation.statement === undefined ? [] : (statement?.objects ?? [])),
    ...(file !== undefined && { file }),
    line: observation.statement === undefined ? 1 : (statement?.line ?? 1),
    column: observation.statement === undefined ? 1 : (statement?.column ?? 1),
    observed: true,
  };
}

/** `column public.products.price` → `products.price`. */
function nameOf(object: string): string {
  return object.replace(/^(?:comment on )?[a-z ]+? (?=\S+$)/, '').replace(/^public\./, '');
}
