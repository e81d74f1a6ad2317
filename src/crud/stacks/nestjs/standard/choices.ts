import { ts } from '../../../../schema/compiler.cjs';
import { parseFile } from '../../../../schema/parse.ts';
import type { CrudProject } from '../../../crud-project.ts';
import type { CrudDomain, CrudField } from '../../../domain.ts';

/** The values that a field may have: an enum of the entity, or a list. */
export interface Choices {
  /** The enum, or the list as code. */
  readonly code: string;
  /** Where the enum is declared; undefined for a list. */
  readonly path: string | undefined;
}

/** What a field's values are chosen from; undefined where any value may stand. */
export function choicesOf(field: CrudField, domain: CrudDomain, project: CrudProject): Choices | undefined {
  const { values } = field.rules;
  if (values === undefined) return undefined;
  const name = /^[A-Z]\w*/.exec(field.rowType)?.[0];
  const path = name === undefined ? undefined : enumPath(name, domain.table.path, project);
  return path === undefined ? { code: JSON.stringify(values), path: undefined } : { code: name!, path };
}

/** The file that exports an enum by its name: the entity's own, or one that it imports. */
function enumPath(name: string, entity: string, project: CrudProject): string | undefined {
  const file = parseFile(entity, project.sources.get(entity) ?? '', (from, specifier) =>
    project.resolveImport(from, specifier),
  );
  if (declaresEnum(name, file.ast)) return entity;
  const line = file.imports.find((each) =>
    each.names?.items.some((item) => item.alias === name && item.name === name),
  );
  return line?.path;
}

function declaresEnum(name: string, { statements }: ts.SourceFile): boolean {
  return statements.some(
    (each) =>
      ts.isEnumDeclaration(each) &&
      each.name.text === name &&
      (each.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false),
  );
}
