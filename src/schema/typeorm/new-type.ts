import type { CodeStyle, Run } from './context.ts';
import type { ColumnDraft, EntityDraft } from './draft.ts';
import { columnProperty, newRelationProperties } from './entity-type.ts';
import { partsOfSample } from './schema-samples.ts';
import type { SharedSchemaColumns } from './schema-shared-columns.ts';
import { type TypePart, typeForm } from './schema-type.ts';
import { majority } from './vote.ts';

/** The declaration of the type that a new EntitySchema is of, in the form that its neighbours have. */
export function newTypeText(
  run: Run,
  codeStyle: CodeStyle,
  draft: EntityDraft,
  { typeName, shared }: { readonly typeName: string; readonly shared: SharedSchemaColumns },
): string {
  const { eol, indent, semicolon } = codeStyle.style;
  const around = { path: draft.path, parts: [] };
  const spread = new Set(shared.spreads.flatMap(({ columns }) => [...columns]));
  const base = baseType(run, codeStyle, draft, spread);
  const own = draft.columns.filter((column) => base === undefined || !spread.has(column));
  const properties = [
    ...own.map((column) => columnProperty(run, codeStyle, draft, column, around)),
    ...newRelationProperties(run, codeStyle, draft, draft.path),
  ];
  const body = properties.map(([name, type]) => `${indent}${name}: ${type}${semicolon}`);
  const text = `{${eol}${body.join(eol)}${eol}}`;
  const forms = codeStyle.schemas.samples.map(({ source }) => typeForm(source, run.editing.sources));
  return majority(forms) === 'type'
    ? `export type ${typeName} = ${base === undefined ? '' : `${base} & `}${text}${semicolon}`
    : `export interface ${typeName} ${base === undefined ? '' : `extends ${base} `}${text}`;
}

/** The type that neighbours have for what is spread into their columns: `BaseModel` with just those members. */
function baseType(
  run: Run,
  codeStyle: CodeStyle,
  draft: EntityDraft,
  spread: ReadonlySet<ColumnDraft>,
): string | undefined {
  const inherited = new Set([...spread].map(({ property }) => property));
  if (inherited.size === 0) return undefined;
  const isBase = ({ within, members }: TypePart) =>
    within.length > 1 &&
    within.at(-1)!.isExported &&
    members.length === inherited.size &&
    members.every((member) => inherited.has(member.name));
  const found = codeStyle.schemas.samples.flatMap((sample) => partsOfSample(sample, run)).find(isBase);
  if (found === undefined) return undefined;
  const { file, name } = found.within.at(-1)!;
  return run.editing.needImport(draft.path, { from: { path: file.path }, name, isType: true });
}
