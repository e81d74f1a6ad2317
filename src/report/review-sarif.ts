import { createHash } from 'node:crypto';
import type { Finding } from '../review/finding.ts';
import type { RuleInfos } from '../review/files/judged.ts';
import type { AllowedFinding } from '../review/review.ts';
import { type ShownFix, shownFix, textWithFix } from './shown-fix.ts';
import { clippedStatement } from './clipped.ts';
import { jsonText } from './terminal-text.ts';

const LEVEL = { error: 'error', warning: 'warning', info: 'note' } as const;

export interface SarifInput {
  /** `file` is relative to the top of the repository. */
  readonly findings: readonly Finding[];
  readonly allowed: readonly AllowedFinding[];
  readonly rules: RuleInfos;
  /** tableplan's own. */
  readonly version: string;
}

/** A review as SARIF 2.1.0, as GitHub's code scanning and others take it; what is allowed is in it, suppressed. */
export function reviewSarif({ findings, allowed, rules, version }: SarifInput): string {
  const names = [...new Set([...findings, ...allowed].map(({ rule }) => rule))].toSorted();
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'tableplan',
            semanticVersion: version,
            rules: names.map((name) => ruleOf(name, rules)),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: [
          ...findings.map((finding) => resultOf(finding, names)),
          ...allowed.map((finding) => ({
            ...resultOf(finding, names),
            suppressions: [{ kind: 'inSource', justification: finding.allowed }],
          })),
        ],
      },
    ],
  };
  return jsonText(log, 2);
}

function ruleOf(name: string, rules: RuleInfos): object {
  const { id, reason } = rules[name] ?? { reason: '' };
  const text = reason === '' ? name : reason;
  return {
    id: name,
    shortDescription: { text: name.replaceAll('-', ' ') },
    fullDescription: { text },
    help: { text, markdown: text },
    ...(id !== undefined && { properties: { catalogue: id } }),
  };
}

function resultOf(finding: Finding, names: readonly string[]): object {
  const { rule, severity, file, line, column, statement, message } = finding;
  const fix = shownFix(finding);
  const snippet = statement === '' ? {} : { snippet: { text: clippedStatement(statement) } };
  return {
    ruleId: rule,
    ruleIndex: names.indexOf(rule),
    level: LEVEL[severity],
    message: {
      text: textWithFix(finding),
      markdown: [message, ...(fix?.sql === undefined ? fixNote(fix) : [fenced(fix.sql)])].join('\n\n'),
    },
    ...(file !== undefined && {
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: uriOf(file), uriBaseId: '%SRCROOT%' },
            region: { startLine: line, startColumn: column, ...snippet },
          },
        },
      ],
    }),
    // The same finding in the same statement is the same, wherever the file has moved it to.
    partialFingerprints: { 'statement/v1': fingerprint([rule, file ?? '', statement]) },
  };
}

/** Why there is none, where there could be. */
function fixNote(fix: ShownFix | undefined): string[] {
  return fix === undefined ? [] : [fix.heading];
}

/** A fence that is longer than any in the text. */
function fenced(sql: string): string {
  const longest = Math.max(2, ...[...sql.matchAll(/`{3,}/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}sql\n${sql}\n${fence}`;
}

function uriOf(file: string): string {
  return file.split('/').map(encodeURIComponent).join('/');
}

function fingerprint(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
