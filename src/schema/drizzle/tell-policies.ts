import { displayName } from '../../plan/database-schema.ts';
import { readChain } from './chain.ts';
import type { TableDraft } from './draft.ts';
import type { Editing } from './editing.ts';
import type { Sample } from './conventions.ts';
import type { ExtraModel, TableModel } from './model.ts';
import { constantsOf } from './read.ts';
import { linkedPolicies } from './sql-beyond-table.ts';
import type { SchemaFile } from '../source-file.ts';

/**
 * A plan has no words for row level security. Where every table around a new one has it, or policies, the new one is the
 * only one without; where all those with one of its columns (`tenant_id`) have policies that name this column, it is the only
 * one of them without. That is reported, with what the others have.
 */
export function tellPolicies(editing: Editing, draft: TableDraft, neighbours: readonly Sample[]): void {
  const guarded = neighbours.map((sample) => ({ sample, protection: protectionOf(sample, editing) }));
  const common = commonColumn(draft, guarded);
  const alike =
    common === undefined ? guarded : guarded.filter(({ sample }) => columnNames(sample).includes(common));
  const [first] = alike;
  if (first?.protection === undefined || alike.some(({ protection }) => protection === undefined)) return;
  const isInFile = alike.every(({ sample }) => sample.table.file.path === draft.path);
  const where = isInFile ? 'every other table of its file' : 'every table around it';
  const withColumn = common === undefined ? '' : ` that has ${common}`;
  editing.notice({
    severity: 'warning',
    rule: 'new-table-without-policies',
    message:
      `${displayName(draft.name)} has no row level security, but ${where}${withColumn} has it (${first.protection.shown}). ` +
      'A plan cannot add it: add it in the source, then generate a migration for it before the table holds rows.',
  });
}

interface Guarded {
  readonly sample: Sample;
  readonly protection: Protection | undefined;
}

interface Protection {
  /** As it stands in the source, on one line. */
  readonly shown: string;
  /** The source of the policies, and of the helper that makes them. */
  readonly text: string;
}

/** A column of the new table that the policies of all neighbours with it name; undefined where there is none. */
function commonColumn(draft: TableDraft, guarded: readonly Guarded[]): string | undefined {
  return draft.columns
    .map(({ def }) => def.name)
    .find((name) => {
      const alike = guarded.filter(({ sample }) => columnNames(sample).includes(name));
      return alike.length > 0 && alike.every((each) => namesColumn(each, name));
    });
}

function namesColumn({ sample, protection }: Guarded, name: string): boolean {
  const key = sample.columns?.columns.find((column) => column.name === name)?.key;
  const words = [name, key].flatMap((word) => (word === undefined ? [] : [escaped(word)]));
  // `to:` is an option of a policy, not a column.
  const named = new RegExp(String.raw`(?<![\w$])(?:${words.join('|')})(?![\w$]|\s*:)`);
  return protection !== undefined && named.test(protection.text);
}

function columnNames({ columns }: Sample): readonly string[] {
  return columns?.columns.map(({ name }) => name) ?? [];
}

/** Policies in and beside a table, or `.enableRLS()`; undefined without. */
function protectionOf({ table, extras }: Sample, editing: Editing): Protection | undefined {
  const { file } = table;
  const inside = (extras?.entries ?? []).filter((entry) => isPolicy(entry, file, editing));
  const own = inside.map((entry) => file.text.slice(entry.start, entry.end));
  const helpers = inside.flatMap((entry) => helperText(entry, file, editing) ?? []);
  const linked = linkedPolicies(editing, table).map((each) =>
    each.file.text.slice(each.call.getStart(each.file.ast), each.call.end),
  );
  const [first] = [...own, ...linked];
  if (first !== undefined) return { shown: oneLine(first), text: [...own, ...linked, ...helpers].join('\n') };
  const { value } = constantsOf(file).find(({ declared }) => declared.variable === table.variable) ?? {};
  const link = value && readChain(value, file)?.links.find(({ name }) => name.endsWith('RLS'));
  if (link !== undefined) return { shown: `.${link.name}()`, text: '' };
  if (table.callee.endsWith('.withRLS')) return { shown: table.callee, text: '' };
  const made = madeWithPolicies(table);
  return made === undefined ? undefined : { shown: `${table.callee}()`, text: made };
}

function isPolicy(entry: ExtraModel, file: SchemaFile, editing: Editing): boolean {
  const called = calledBy(entry, file);
  return (
    called !== undefined && (/polic(?:y|ies)/i.test(called) || helperText(entry, file, editing) !== undefined)
  );
}

/** The function that an entry of the third argument calls. */
function calledBy(entry: ExtraModel, file: SchemaFile): string | undefined {
  const text = file.text.slice(entry.start, entry.end);
  return /^(?:[\w$]+\s*:\s*)?(?:\.\.\.)?([\w$]+)\s*\(/.exec(text)?.[1];
}

/** The source of a function of the project that makes policies, in this file or imported by it. */
function helperText(entry: ExtraModel, file: SchemaFile, editing: Editing): string | undefined {
  const name = calledBy(entry, file);
  if (name === undefined) return undefined;
  for (const { path, names } of file.imports) {
    const item = names?.items.find(({ alias }) => alias === name);
    const other = item && path !== undefined ? editing.file(path) : undefined;
    if (item && other) return policyMaker(item.name, other);
  }
  return policyMaker(name, file);
}

function policyMaker(name: string, { ast, text }: SchemaFile): string | undefined {
  const declared = ast.statements.find((statement) =>
    new RegExp(String.raw`^(?:export\s+)?(?:const|function)\s+${escaped(name)}\b`).test(
      text.slice(statement.getStart(ast), statement.end),
    ),
  );
  const source = declared && text.slice(declared.pos, declared.end);
  return source?.includes('pgPolicy') ? source : undefined;
}

/** The source of the function that makes a table, where it adds policies. */
function madeWithPolicies({ factory }: TableModel): string | undefined {
  if (factory.kind !== 'creator' || factory.creator.wrapper?.addsExtras !== true) return undefined;
  const { file, statement } = factory.creator;
  const source = file.text.slice(statement.start, statement.end);
  return /pgPolicy|polic(?:y|ies)|RLS/i.test(source) ? source : undefined;
}

function escaped(name: string): string {
  return name.replaceAll('$', String.raw`\$`);
}

function oneLine(text: string): string {
  const flat = text.replace(/\s+/g, ' ').trim();
  return flat.length <= 60 ? flat : `${flat.slice(0, 57)}…`;
}
