import { type CompanionExample, companionsOf, companionTexts } from './companions.ts';
import type { Editing } from './editing.ts';
import type { TableRef } from './model.ts';
import { capitalise, singularName } from '../word-names.ts';

export interface NewCompanions {
  /** What stands below the table, without a line break at its end. */
  readonly text: string;
  /** Names for the barrels. */
  readonly types: readonly string[];
  readonly values: readonly string[];
}

/**
 * The row types and zod schemas of a new table, as most neighbours have them (nearest first), with the imports that
 * they need; undefined where most have none. The first table of a project gets the reference project's two types.
 */
export function newCompanions(
  editing: Editing,
  table: TableRef,
  keys: readonly string[],
  neighbours: readonly CompanionExample[],
): NewCompanions | undefined {
  if (neighbours.length === 0) return firstCompanions(editing, table);
  const having = neighbours.filter(({ source, variable }) => companionsOf(source, variable).length > 0);
  if (having.length * 2 < neighbours.length) return undefined;
  for (const example of having) {
    const texts = companionTexts(example, { variable: table.variable, keys });
    if (texts === undefined) continue;
    for (const { module, name, isType } of texts.imports)
      editing.needImport(table.path, { from: { module }, name, isType });
    return texts;
  }
  return undefined;
}

function firstCompanions(editing: Editing, { path, variable }: TableRef): NewCompanions {
  const { semicolon, eol } = editing.style(path);
  const row = capitalise(singularName(variable));
  const lines = [
    `export type Drizzle${row} = typeof ${variable}.$inferSelect${semicolon}`,
    `export type NewDrizzle${row} = typeof ${variable}.$inferInsert${semicolon}`,
  ];
  return { text: lines.join(eol), types: [`Drizzle${row}`, `NewDrizzle${row}`], values: [] };
}
