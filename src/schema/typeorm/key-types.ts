import { ts } from '../compiler.cjs';
import type { SchemaFile } from '../source-file.ts';
import { optionOf } from './options.ts';
import { decoratorNamed } from './read.ts';
import { columnsOf, relationsOf, type Sample, type SampleColumn } from './samples.ts';
import { argumentsOf, stringOf } from './snippet.ts';
import { normalName, PLAIN_TYPE } from './type-words.ts';
import { majority } from './vote.ts';

/** The type of its own that a project gives to keys: `UUID` of crypto, an `ApId`, a `Uuid` that is declared for all files. */
export interface KeyType {
  readonly text: string;
  /** Neighbours leave the column's type to reflection all the same. */
  readonly isUntyped: boolean;
  /** A file that has it. */
  readonly file: SchemaFile;
}

/** Types of keys and of what refers to them, by the usual name of the column's; none where those are plain. */
export function keyTypes(samples: readonly Sample[]): ReadonlyMap<string, KeyType> {
  const votes = new Map<string, { column: SampleColumn; text: string }[]>();
  for (const column of samples.flatMap(keysIn)) {
    const text = bareType(column);
    const name = normalName(column.column.type);
    if (text !== undefined) votes.set(name, [...(votes.get(name) ?? []), { column, text }]);
  }
  return new Map(
    [...votes].flatMap(([name, said]) => {
      const text = majority(said.map((each) => each.text))!;
      const alike = said.filter((each) => each.text === text).map((each) => each.column);
      const file = alike.map(({ sample }) => sample.source.file).find((each) => isKnownElsewhere(text, each));
      if (PLAIN_TYPE.test(text) || file === undefined) return [];
      return [[name, { text, isUntyped: majority(alike.map(isUntyped)) === true, file }]];
    }),
  );
}

/** Whether a column is a key, or is called as if it referred to one. */
export function isKeyName(property: string): boolean {
  return /(^id|Id|_id)$/.test(property);
}

function keysIn(sample: Sample): readonly SampleColumn[] {
  const joined = new Set(relationsOf(sample).flatMap(({ relation }) => relation.joinColumns));
  return columnsOf(sample).filter(
    ({ column }) => column.isPrimary || joined.has(column.column) || isKeyName(column.property),
  );
}

function bareType({ member }: SampleColumn): string | undefined {
  const bare = member.type?.text.replace(/\s*\|\s*(null|undefined)\b/g, '').trim();
  return bare !== undefined && /^[A-Za-z_$][\w$.]*$/.test(bare) ? bare : undefined;
}

function isUntyped({ member }: SampleColumn): boolean {
  const decorator = decoratorNamed(member, /^(Primary)?Column$/);
  if (decorator === undefined) return false;
  const [first] = argumentsOf(decorator.text) ?? [];
  return stringOf(first) === undefined && optionOf(decorator.text, 'type') === undefined;
}

/** Whether another file can have the name too: imported, exported here, or declared for all files. */
function isKnownElsewhere(text: string, file: SchemaFile): boolean {
  const [name] = text.split('.');
  return file.ast.statements.every(
    (statement) =>
      !(ts.isTypeAliasDeclaration(statement) || ts.isInterfaceDeclaration(statement)) ||
      statement.name.text !== name ||
      statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true,
  );
}
