import { type ParsedStatement, parsedStatements } from '../postgres/parse-script.ts';
import type { DatabaseSchema } from '../plan/database-schema.ts';
import { serverAccess } from '../postgres/server-access.ts';
import { KnownTables } from './known-tables.ts';
import { ScriptReader } from './routines.ts';
import type { Operation } from './operation.ts';
import type { Script, Statement, StatementFacts, Target } from './rule.ts';
import { withSearchPath } from './search-path.ts';
import { SavedStates } from './saved-states.ts';
import { initialState } from './state.ts';
import { Timeline } from './timeline.ts';
import { typeLocations } from './type-text.ts';
import { typedColumns } from './typed-columns.ts';

export interface ScriptOptions {
  /** Keys of tables that are known to be empty and unused. */
  readonly newTables: ReadonlySet<string>;
  readonly schema?: DatabaseSchema | undefined;
  /** By statement, where a rehearsal was held. */
  readonly facts?: readonly (StatementFacts | undefined)[] | undefined;
}

/**
 * The script that rules judge: every statement with its operations and with what is known before it.
 */
export function readScript(sql: string, target: Target, options: ScriptOptions): Script {
  const reader = new ScriptReader();
  const timeline = new Timeline(options.newTables);
  let state = initialState(target.transaction, timeline);
  const saved = new SavedStates(state);
  const positionOf = positions(sql);
  const statements: Statement[] = [];
  for (const parsed of parsedStatements(sql)) {
    const before = state;
    const operations = withSearchPath(
      parsed.node ? reader.read(parsed.node, parsed.text) : [],
      before,
      options.schema,
    );
    state = saved.after(state, operations);
    statements.push({
      index: statements.length,
      text: parsed.text,
      start: parsed.start,
      ...positionOf(parsed.start),
      operations,
      typesAt: typesAt(parsed, operations),
      reaches: parsed.node ? serverAccess(parsed.text, parsed.node) : [],
      before,
      facts: options.facts?.[statements.length],
      unreadable: parsed.error ?? opaqueIn(operations),
    });
  }
  const { schema } = options;
  return { statements, timeline, tables: new KnownTables(schema, timeline), end: state, target, schema };
}

function typesAt(
  { node, offsetOf }: ParsedStatement,
  operations: readonly Operation[],
): readonly (number | undefined)[] {
  const count = typedColumns(operations).length;
  const locations = count === 0 ? [] : [...typeLocations(node)];
  if (locations.length !== count) return [];
  return locations.map((location) => (location === undefined ? undefined : offsetOf(location)));
}

/** Why a DO block hides what it does. */
function opaqueIn(operations: readonly Operation[]): string | undefined {
  return operations.flatMap((operation) => (operation.kind === 'do-block' ? [operation.opaque] : []))[0];
}

/** Line and column of offsets that are asked for in ascending order. */
function positions(text: string): (offset: number) => { line: number; column: number } {
  let [line, start, next] = [1, 0, text.indexOf('\n') + 1];
  return (offset) => {
    while (next > 0 && next <= offset) [line, start, next] = [line + 1, next, text.indexOf('\n', next) + 1];
    return { line, column: offset - start + 1 };
  };
}
