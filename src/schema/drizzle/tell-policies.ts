import { displayName } from '../../plan/database-schema.ts';
import { readChain } from './chain.ts';
import type { TableDraft } from './draft.ts';
import type { Editing } from './editing.ts';
import type { Sample } from './habits.ts';
import type { ExtraModel, TableModel } from './model.ts';
import { constantsOf } from './read.ts';
import type { SchemaFile } from '../source-file.ts';

/**
 * A plan has no words for row level security. Where every table around a new one has it, or policies, the new one is the
 * only one without: that is reported, with what the others have.
 */
export function tellPolicies(editing: Editing, draft: TableDraft, neighbours: readonly Sample[]): void {
  const protections = neighbours.map((sample) => protectionOf(sample, editing));
  const [first] = protections;
  if (first === undefined || protections.includes(undefined)) return;
  const where = neighbours.every(({ table }) => table.file.path === draft.path)
    ? 'every other table of its file'
    : 'every table around it';
  editing.notice({
    severity: 'warning',
    rule: 'new-table-without-policies',
    message:
      `${displayName(draft.name)} has no row level security, but ${where} has it (${first}). ` +
      'A plan cannot add it: add it in the source, then generate a migration for it before the table holds rows.',
  });
}

/** `.enableRLS()` or a policy, as a table has it; undefined without. */
function protectionOf({ table, extras }: Sample, editing: Editing): string | undefined {
  const policy = extras?.entries.find((entry) => isPolicy(entry, table.file, editing));
  if (policy !== undefined) return oneLine(table.file.text.slice(policy.start, policy.end));
  const { value } =
    constantsOf(table.file).find(({ declared }) => declared.variable === table.variable) ?? {};
  const link = value && readChain(value, table.file)?.links.find(({ name }) => name.endsWith('RLS'));
  if (link !== undefined) return `.${link.name}()`;
  if (table.callee.endsWith('.withRLS')) return table.callee;
  return madeWithPolicies(table) ? `${table.callee}()` : undefined;
}

function isPolicy(entry: ExtraModel, file: SchemaFile, editing: Editing): boolean {
  const text = file.text.slice(entry.start, entry.end);
  const called = /^(?:[\w$]+\s*:\s*)?(?:\.\.\.)?([\w$]+)\s*\(/.exec(text)?.[1];
  if (called === undefined) return false;
  return /polic(?:y|ies)/i.test(called) || makesPolicies(called, file, editing);
}

/** Whether a function of the project, in this file or imported by it, makes policies. */
function makesPolicies(name: string, file: SchemaFile, editing: Editing): boolean {
  for (const { path, names } of file.imports) {
    const item = names?.items.find(({ alias }) => alias === name);
    const other = item && path !== undefined ? editing.file(path) : undefined;
    if (item && other) return declaresPolicies(item.name, other);
  }
  return declaresPolicies(name, file);
}

function declaresPolicies(name: string, { ast, text }: SchemaFile): boolean {
  const declared = ast.statements.find((statement) =>
    new RegExp(
      String.raw`^(?:export\s+)?(?:const|function)\s+${name.replaceAll('$', String.raw`\$`)}\b`,
    ).test(text.slice(statement.getStart(ast), statement.end)),
  );
  return declared !== undefined && text.slice(declared.pos, declared.end).includes('pgPolicy');
}

function madeWithPolicies({ factory }: TableModel): boolean {
  if (factory.kind !== 'creator' || factory.creator.wrapper?.addsExtras !== true) return false;
  const { file, statement } = factory.creator;
  return /pgPolicy|polic(?:y|ies)|RLS/i.test(file.text.slice(statement.start, statement.end));
}

function oneLine(text: string): string {
  const flat = text.replace(/\s+/g, ' ').trim();
  return flat.length <= 60 ? flat : `${flat.slice(0, 57)}…`;
}
