import type { ObjectName } from '../../plan/database-schema.ts';
import { widthOf } from '../line-width.ts';
import type { FileStyle } from '../source-file.ts';
import type { SpecContext } from './column-spec.ts';
import type { EntityDraft } from './draft.ts';
import type { Drafts } from './drafts.ts';
import type { Editing } from './editing.ts';
import type { Entities } from './entities.ts';
import type { FindEnum } from './enum-refs.ts';
import {
  type ColumnConvention,
  columnConvention,
  type MemberConvention,
  memberConvention,
} from './conventions.ts';
import { type KeyType, keyTypes } from './key-types.ts';
import type { TextContext } from './member-text.ts';
import { type RelationConvention, relationConvention } from './relation-conventions.ts';
import { type Sample, samplesNear } from './samples.ts';
import { type SchemaConvention, schemaConvention } from './schema-conventions.ts';
import { schemaSamplesNear } from './schema-samples.ts';

/** Everything that an editor of one run asks. */
export interface Run {
  readonly editing: Editing;
  readonly entities: Entities;
  readonly drafts: Drafts;
  readonly enumRef: FindEnum;
}

/** How an entity is written: its own conventions, then its neighbours'. */
export interface CodeStyle {
  readonly samples: readonly Sample[];
  readonly members: MemberConvention;
  readonly columns: ColumnConvention;
  readonly relations: RelationConvention;
  readonly keyTypes: ReadonlyMap<string, KeyType>;
  readonly schemas: SchemaConvention;
  readonly style: FileStyle;
  readonly text: TextContext;
}

const codeStyles = new WeakMap<EntityDraft, CodeStyle>();

/** Widths that projects have: the first one that the neighbours' lines fit into is theirs. */
const WIDTHS = [80, 100, 120];

export function codeStyleOf(draft: EntityDraft, run: Run): CodeStyle {
  const known = codeStyles.get(draft) ?? readCodeStyle(draft, run);
  codeStyles.set(draft, known);
  return known;
}

function readCodeStyle(draft: EntityDraft, run: Run): CodeStyle {
  const { editing, entities } = run;
  const near = samplesNear(draft.path, editing, entities);
  const own = near.filter(({ entity }) => entity === draft.entity);
  const samples = [...own, ...near.filter((each) => !own.includes(each))];
  const style = editing.style(draft.path);
  const longest = Math.max(...samples.slice(0, 4).map(({ source }) => longestLine(source.file.text)));
  return {
    samples,
    members: memberConvention(samples),
    columns: columnConvention(samples, editing.input.naming),
    relations: relationConvention(samples),
    keyTypes: keyTypes(samples),
    schemas: schemaConvention(schemaSamplesNear(draft.path, run)),
    style,
    text: {
      style,
      width: WIDTHS.find((width) => longest <= width) ?? longest,
      nameOf: (name) => editing.needImport(draft.path, { from: { module: 'typeorm' }, name }),
      typeOf: (name) => editing.needImport(draft.path, { from: { module: 'typeorm' }, name, isType: true }),
    },
  };
}

/** The longest line that a file has, within reason. */
function longestLine(text: string): number {
  return Math.min(widthOf(text), Math.max(...text.split('\n').map((line) => line.length)));
}

/** What `columnSpec` asks about a place. */
export function specContext(
  run: Run,
  codeStyle: CodeStyle,
  draft: { readonly path: string; readonly name: ObjectName },
  more: Pick<SpecContext, 'isPrimary' | 'isUnique' | 'keyName' | 'keyType'>,
): SpecContext {
  return {
    path: draft.path,
    table: draft.name,
    convention: codeStyle.columns,
    quote: codeStyle.style.quote,
    enumRef: run.enumRef,
    ...more,
  };
}
