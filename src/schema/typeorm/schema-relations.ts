import { stringLiteral } from '../literals.ts';
import type { Option } from './column-spec.ts';
import type { CodeStyle, Run } from './context.ts';
import type { EntityDraft, RelationDraft } from './draft.ts';
import { refuse } from './drafts.ts';
import { changeUnder, layoutUnder, objectText, withEntry } from './object-text.ts';
import { actionOptions } from './relation-text.ts';
import { valueOf, withKey, withKeyRenamed } from './snippet.ts';

/** What becomes of one relation of an EntitySchema: its options with that done. */
export function changeRelation(
  run: Run,
  codeStyle: CodeStyle,
  draft: EntityDraft,
  relation: RelationDraft,
  text: string,
): string {
  const { style } = codeStyle;
  const old = relation.relation?.property;
  if (old === undefined)
    return relation.isDropped ? text : addRelation(run, codeStyle, draft, relation, text);
  if (relation.isDropped)
    return changeUnder(text, 'relations', (each) => withKey(each, old, undefined, style), style);
  let options = text;
  const change = (step: (value: string) => string) => {
    options = changeUnder(
      options,
      'relations',
      (each) => withKey(each, old, step(valueOf(each, old) ?? '{}'), style),
      style,
    );
  };
  if (relation.actions !== undefined) {
    const { actions } = relation;
    for (const [key, action] of [
      ['onDelete', actions.onDelete],
      ['onUpdate', actions.onUpdate],
    ] as const)
      change((value) =>
        withKey(
          value,
          key,
          action === 'no action' ? undefined : stringLiteral(action.toUpperCase(), style.quote),
          style,
        ),
      );
  }
  for (const { column, before, def } of relation.columns)
    if (column?.isVirtual === true && before.notNull !== def.notNull)
      change((value) => withKey(value, 'nullable', def.notNull ? 'false' : undefined, style));
  for (const { before, def } of relation.columns)
    if (before.name !== def.name) change((value) => renamedJoin(value, before.name, def.name));
  return relation.property === old
    ? options
    : changeUnder(options, 'relations', (each) => withKeyRenamed(each, old, relation.property), style);
}

function renamedJoin(value: string, from: string, to: string): string {
  return value.replace(new RegExp(`(\\bname\\s*:\\s*['"])${from}(?=['"])`), `$1${to}`);
}

/** A new relation among the options of an EntitySchema. */
export function addRelation(
  run: Run,
  codeStyle: CodeStyle,
  draft: EntityDraft,
  relation: RelationDraft,
  text: string,
): string {
  const { style } = codeStyle;
  const key = relation.foreignKey;
  const target = key && run.drafts.find(key.references);
  if (key === undefined || target === undefined)
    throw refuse(
      draft,
      `no entity makes the table that ${key?.name ?? 'a key'} refers to`,
      'Write that entity first.',
    );
  const { quote } = style;
  const name =
    target.source?.kind === 'schema' ? target.source.name : (target.schema?.name ?? target.exported);
  const [column] = relation.columns;
  const join: readonly Option[] = [
    ['name', stringLiteral(column!.def.name, quote)],
    ...(key.named ? [['foreignKeyConstraintName', stringLiteral(key.name, quote)] as const] : []),
  ];
  const { isBroken, isActionFirst } = codeStyle.schemas;
  const layout = layoutUnder(text, 'relations', style, isBroken);
  const inner = { style, indent: layout.indent + style.indent };
  const joining: Option = ['joinColumn', objectText(join, inner, layout.isBroken)];
  const actions = actionOptions(key, quote);
  const entry: readonly Option[] = [
    ['type', stringLiteral('many-to-one', quote)],
    ['target', stringLiteral(name, quote)],
    ...(isActionFirst ? [...actions, joining] : [joining, ...actions]),
  ];
  return withEntry(text, 'relations', [relation.property, objectText(entry, layout, layout.isBroken)], style);
}
