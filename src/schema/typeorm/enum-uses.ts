import type { ObjectName } from '../../plan/database-schema.ts';
import type { Editing } from './editing.ts';
import type { Entities } from './entities.ts';
import { derivedEnumName } from './enum-refs.ts';
import { type EnumDeclaration, enumDeclaration } from './enum-source.ts';
import type { DecoratorModel, MemberModel } from './model.ts';
import { optionOf } from './options.ts';
import { decoratorNamed } from './read.ts';

/** Where an entity uses an enum of the database, and what it has for its values. */
export interface EnumUse {
  readonly name: ObjectName;
  readonly path: string;
  readonly member: MemberModel;
  readonly decorator: DecoratorModel;
  readonly source:
    | { readonly kind: 'declared'; readonly declaration: EnumDeclaration }
    | { readonly kind: 'inline' }
    | undefined;
}

/** The columns that have an enum, of the entities that pass; in the sources they are parsed for it. */
export function enumUses(
  { sources }: Editing,
  entities: Entities,
  isWanted: (name: ObjectName) => boolean,
): readonly EnumUse[] {
  return entities.all.flatMap((entity) =>
    entity.columns
      .filter(({ type, isVirtual }) => (type === 'enum' || type === 'simple-enum') && !isVirtual)
      .flatMap((column): EnumUse[] => {
        const name = {
          schema: entity.table.schema,
          name: column.enumName ?? derivedEnumName(entity.table.name, column.column),
        };
        if (!isWanted(name)) return [];
        const source = entities.find(entity);
        const owner =
          source?.kind !== 'class' || column.declaredIn === entity.name
            ? source
            : entities.classNamed(column.declaredIn);
        if (owner?.kind !== 'class') return [];
        const member = owner.members.find(({ name }) => name === column.property.split('.').at(-1));
        const decorator = member && decoratorNamed(member, /Column$/);
        if (member === undefined || decorator === undefined) return [];
        return [
          {
            name,
            path: owner.file.path,
            member,
            decorator,
            source: valuesOf(optionOf(decorator.text, 'enum'), owner.file.path, sources),
          },
        ];
      }),
  );
}

function valuesOf(written: string | undefined, path: string, sources: Editing['sources']): EnumUse['source'] {
  if (written === undefined) return undefined;
  if (written.startsWith('[')) return { kind: 'inline' };
  const name = /^(?:Object\.values\()?([A-Za-z_$][\w$]*)\)?$/.exec(written)?.[1];
  const file = sources.file(path);
  if (name === undefined || file === undefined) return undefined;
  const own = enumDeclaration(file, name);
  if (own !== undefined) return { kind: 'declared', declaration: own };
  const declaration = importedEnum(path, name, sources, 0);
  return declaration && { kind: 'declared', declaration };
}

/** Through as many barrels as there are, within reason. */
function importedEnum(
  path: string,
  name: string,
  sources: Editing['sources'],
  depth: number,
): EnumDeclaration | undefined {
  const file = sources.file(path);
  const line = file?.imports.find((each) => each.names?.items.some(({ alias }) => alias === name));
  const original = line?.names?.items.find(({ alias }) => alias === name)?.name;
  if (line?.path === undefined || original === undefined || depth > 4) return undefined;
  const target = sources.file(line.path);
  const declared = target && enumDeclaration(target, original);
  if (declared !== undefined) return declared;
  const anywhere = sources.filesWith(original).flatMap((each) => enumDeclaration(each, original) ?? []);
  return anywhere.length === 1 ? anywhere[0] : undefined;
}
